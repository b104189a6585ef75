import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingInternalService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { createGrpcTransport, openCertificates, type Routes, startGrpcServer } from '@mawid/rpc';
import { createCertificateAuthority, createSecretFolder } from '@mawid/rpc/testing';
import {
  type Caller,
  ConfigError,
  callerOf,
  openProcessCertificates,
  parseNetworks,
  reasonOf,
  serverInterceptors,
  startTelemetry,
  toCertificateFiles,
} from '@mawid/service-kit';
import { headersOf, silentLogger } from '@mawid/service-kit/testing';

const authority = createCertificateAuthority();
const ask = { bookingId: '019abc00-0000-7000-8000-000000000001' };

let seen: Caller | undefined;
const routes: Routes = (router) => {
  router.service(BookingInternalService, { getBookingState: () => ({}) });
  router.service(AuthService, {
    refreshToken(_, context) {
      seen = callerOf(context);
      return { access: 'new' };
    },
  });
};

const close: (() => unknown)[] = [];

async function certify(name: string) {
  const folder = await createSecretFolder(authority.issue({ name }), authority.pem);
  const certificates = openCertificates(folder.files);
  close.push(folder.remove, certificates.close);
  return certificates;
}

describe('the peer over mutual TLS', () => {
  let port: number;
  beforeAll(async () => {
    const trustedPeers = parseNetworks('0.0.0.0/0') ?? { includes: () => true };
    const verifier = { verify: async () => undefined };
    const telemetry = startTelemetry({ service: 'booking' });
    const rules = { telemetry, logger: silentLogger(), verifier, trustedPeers, hasCertificates: true };
    const options = { routes, interceptors: serverInterceptors(rules), certificates: await certify('booking') };
    const server = await startGrpcServer(options, { host: '127.0.0.1', port: 0 });
    close.push(() => server.close());
    port = server.port;
  });
  afterAll(async () => {
    for (const each of close.reverse()) await each();
  });

  async function transportOf(name: string) {
    const transport = createGrpcTransport(`127.0.0.1:${port}`, { certificates: await certify(name) });
    close.push(() => transport.close());
    return transport;
  }

  it.each([
    ['notify', 'ops', undefined],
    ['payments', undefined, undefined],
    ['identity', 'notify', 'PERMISSION_DENIED'],
    ['gateway', 'notify', 'PERMISSION_DENIED'],
    ['stranger', 'notify', 'PERMISSION_DENIED'],
  ])('a certificate of %s, which says that it is %s: %s', async (name, claimed, reason) => {
    const client = createClient(BookingInternalService, await transportOf(name));
    const headers = headersOf({ peer: claimed, 'x-client-address': '127.0.0.1' } as never);
    const outcome = await client.getBookingState(ask, { headers }).then(() => undefined, reasonOf);
    expect(outcome).toBe(reason);
  });

  it.each([
    ['gateway', { peer: 'gateway', kind: 'anonymous', address: '203.0.113.9' }],
    ['notify', { peer: 'notify', kind: 'service', address: '127.0.0.1' }],
    ['stranger', { peer: undefined, kind: 'anonymous', address: '127.0.0.1' }],
  ])('only the gateway says from where a user calls, not %s', async (name, expected) => {
    const client = createClient(AuthService, await transportOf(name));
    const headers = headersOf({ peer: 'gateway', 'x-client-address': '203.0.113.9' });
    await client.refreshToken({ refresh: 'x'.repeat(43) }, { headers });
    expect(seen).toMatchObject(expected);
  });
});

describe('settings of TLS', () => {
  const problemsOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  };

  it('are all there or none', () => {
    expect(toCertificateFiles({})).toBeUndefined();
    expect(problemsOf(() => toCertificateFiles({ TLS_KEY_FILE: '/k' }))).toEqual([
      'TLS_CERT_FILE is not set, as the other files of TLS are',
      'TLS_CA_FILE is not set, as the other files of TLS are',
    ]);
  });

  it('are named when their files cannot be used', async () => {
    const folder = await createSecretFolder(authority.issue({ name: 'payments' }), authority.pem);
    const tools = { name: 'booking', logger: silentLogger(), telemetry: startTelemetry({ service: 'booking' }) };
    expect(problemsOf(() => openProcessCertificates(folder.files, tools))).toEqual([
      'TLS_CERT_FILE names the service payments, not booking',
    ]);
    await folder.remove();
    expect(problemsOf(() => openProcessCertificates(folder.files, tools))).toEqual([
      'TLS_CERT_FILE cannot be read (ENOENT)',
    ]);
  });
});
