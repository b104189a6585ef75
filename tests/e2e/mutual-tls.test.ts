import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingInternalService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { createCustomer, findSalon, findService, listSlots, type RestBooking, waitFor } from '@mawid/dev-stack';
import { createGrpcTransport, openCertificates } from '@mawid/rpc';
import { createCertificateAuthority, createSecretFolder, type SecretFolder } from '@mawid/rpc/testing';
import { newPhone, startTestStack, type TestStack } from './test-stack.ts';

const names = ['identity', 'booking', 'payments', 'notify', 'gateway', 'ops'] as const;
type Name = (typeof names)[number];

const authority = createCertificateAuthority();
let root: string;
let folders: Record<Name, SecretFolder>;
let stack: TestStack;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mawid-tls-'));
  const made = names.map(
    async (name) =>
      [name, await createSecretFolder(authority.issue({ name }), authority.pem, join(root, name))] as const,
  );
  folders = Object.fromEntries(await Promise.all(made)) as Record<Name, SecretFolder>;
  const files = Object.fromEntries(names.map((name) => [name, folders[name].files]));
  stack = await startTestStack({ certificates: files });
}, 120_000);

afterAll(async () => {
  await stack?.close();
  await rm(root, { recursive: true, force: true });
});

/** Asks booking what only services may ask, with the certificate of `name` and the word of a header. */
async function askAs(name: Name | undefined): Promise<Code | 'OK'> {
  const certificates = name && openCertificates(folders[name].files);
  const transport = createGrpcTransport(stack.grpc.booking, { certificates, retries: false });
  try {
    const ask = { bookingId: '019abc00-0000-7000-8000-000000000001' };
    const headers = { 'x-mawid-peer': 'notify' };
    await createClient(BookingInternalService, transport).getBookingState(ask, { headers });
    return 'OK';
  } catch (error) {
    return ConnectError.from(error).code;
  } finally {
    transport.close();
    certificates?.close();
  }
}

async function book(): Promise<{ status: number; body: RestBooking }> {
  const customer = createCustomer(stack.urls, newPhone());
  await customer.signIn();
  const salon = (await findSalon(customer, 'at_salon')).body;
  const service = (await findService(customer, salon.id)).body;
  const { slots } = (await listSlots(customer, { salonId: salon.id, serviceId: service.id, daysAhead: 3 })).body;
  const slot = slots[Math.floor(Math.random() * slots.length)];
  const body = { salon_id: salon.id, items: [{ service_id: service.id }], start_at: slot?.start_at };
  const answer = await customer.call<RestBooking>('/api/bookings', { method: 'POST', body });
  await customer.waitForMessage((message) => message.code === undefined);
  return answer;
}

describe('the system over mutual TLS', () => {
  it('signs in, books and tells', async () => {
    expect((await book()).status).toBe(201);
  });

  it('goes by the certificate, not by what a header says', async () => {
    expect(await askAs('notify')).toBe(Code.NotFound);
    expect(await askAs('payments')).toBe(Code.NotFound);
    for (const other of ['gateway', 'identity', 'ops'] as const) {
      expect(await askAs(other)).toBe(Code.PermissionDenied);
    }
    expect(await askAs(undefined)).toBe(Code.Unavailable);
  });

  it('believes no header on the plain port either, though it is called from this machine', async () => {
    const url = `${stack.urls.http.booking}/mawid.booking.v1.BookingInternalService/GetBookingState`;
    const headers = { 'content-type': 'application/json', 'x-mawid-peer': 'notify' };
    const body = JSON.stringify({ bookingId: '019abc00-0000-7000-8000-000000000001' });
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(403);
  });

  it('takes new certificates without a restart', async () => {
    await Promise.all(names.map((name) => folders[name].replace(authority.issue({ name }), authority.pem)));
    const loaded = 'mawid_tls_certificate_reloads_total{outcome="loaded"} 1';
    const isLoaded = (text: string) => text.includes(loaded) || undefined;
    const readMetrics = async (url: string) => (await fetch(`${url}/metrics`)).text();
    const urls = [...Object.values(stack.urls.http), `http://127.0.0.1:${stack.ports.gatewayMetrics}`];
    for (const url of urls) await waitFor(() => readMetrics(url), isLoaded);
    expect(await askAs('notify')).toBe(Code.NotFound);
    expect((await book()).status).toBe(201);
  });
});
