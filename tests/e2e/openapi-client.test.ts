import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustomer, payOnPage, waitFor } from '@mawid/dev-stack';
import createClient, { type Client } from 'openapi-fetch';
import type { components, paths } from '../gen/openapi.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

// What a client developer has: the types that openapi-typescript makes of the document, and nothing else of ours. That this file compiles is half of the test.
type Api = Client<paths>;
type Booking = components['schemas']['Booking'];

let stack: TestStack;

beforeAll(async () => {
  stack = await startCheckedStack();
}, 120_000);

afterAll(() => stack?.close());

/** The answer's data; throws the refusal where it is one. */
function dataOf<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(`refused: ${JSON.stringify(error)}`);
  return data;
}

async function signIn(api: Api, phone: string): Promise<components['schemas']['VerifyPhoneCodeResponse']> {
  const customer = createCustomer(stack.urls, phone);
  const body = { phone_number: phone, channel: 'sms', preferred_language: 'ar' } as const;
  const { request_id } = dataOf(await api.POST('/api/auth/phone/request', { body }));
  const { code = '' } = await customer.waitForMessage((message) => message.code !== undefined);
  return dataOf(await api.POST('/api/auth/phone/verify', { body: { request_id, code } }));
}

async function findTime(api: Api) {
  const { salons } = dataOf(await api.GET('/api/salons', { params: { query: { page_size: 100 } } }));
  const salon = salons.find((each) => each.payment_policy === 'in_advance' && each.state === 'published');
  if (salon === undefined) throw new Error('no salon is paid in advance');
  const path = { salon_id: salon.id };
  const [service] = dataOf(await api.GET('/api/salons/{salon_id}/services', { params: { path } })).services;
  const [from = '', to = ''] = [3, 4].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const query = { service_ids: [service?.id ?? ''], from, to };
  const { slots } = dataOf(await api.GET('/api/salons/{salon_id}/slots', { params: { path, query } }));
  return { salon_id: salon.id, items: [{ service_id: service?.id ?? '' }], start_at: slots[0]?.start_at ?? '' };
}

function waitForState(api: Api, { id }: Booking, state: Booking['state']): Promise<Booking> {
  const params = { path: { booking_id: id } };
  const read = async () => dataOf(await api.GET('/api/bookings/{booking_id}', { params }));
  return waitFor(read, (booking) => (booking.state === state ? booking : undefined));
}

describe('a client generated from the OpenAPI document', () => {
  it('signs in, books, pays, cancels and is refunded', async () => {
    const phone = newPhone();
    const api = createClient<paths>({ baseUrl: stack.urls.gateway });
    const { access, user } = await signIn(api, phone);
    expect([user.phone_number, user.role, user.is_phone_verified]).toEqual([phone, 'customer', true]);
    api.use({
      onRequest: ({ request }) => {
        request.headers.set('authorization', `Bearer ${access}`);
      },
    });

    const header = { 'Idempotency-Key': crypto.randomUUID() };
    const wish = { params: { header }, body: await findTime(api) };
    const booking = dataOf(await api.POST('/api/bookings', wish));
    expect([booking.state, booking.amount_due]).toEqual(['held', booking.total]);
    const again = await api.POST('/api/bookings', wish);
    expect([again.data?.id, again.response.headers.get('idempotency-replayed')]).toEqual([booking.id, 'true']);

    const order = { booking_id: booking.id, method: 'hosted_invoice' } as const;
    const payment = dataOf(await api.POST('/api/payments', { body: order }));
    await payOnPage(payment.payment_url);
    const confirmed = await waitForState(api, booking, 'confirmed');
    expect(confirmed.amount_paid).toEqual(booking.total);

    const params = { path: { booking_id: booking.id }, header: { 'If-Match': `"${confirmed.etag}"` } };
    const body = { reason: 'Something came up.' };
    const cancelled = dataOf(await api.POST('/api/bookings/{booking_id}/cancel', { params, body }));
    expect(cancelled.cancellation?.refund).toEqual(booking.total);
    const paid = { params: { path: { payment_id: payment.id } } };
    const read = async () => dataOf(await api.GET('/api/payments/{payment_id}', paid));
    const refunded = await waitFor(read, (each) => (each.state === 'refunded' ? each : undefined));
    expect(refunded.refunded).toEqual(booking.total);
  }, 120_000);

  it('reads refusals as they are described', async () => {
    const api = createClient<paths>({ baseUrl: stack.urls.gateway, headers: { 'accept-language': 'ar' } });
    const wrong = await api.POST('/api/auth/phone/request', { body: { phone_number: '12' } });
    expect(wrong.response.status).toBe(400);
    expect(wrong.error?.code).toBe('VALIDATION_FAILED');
    const problem = wrong.error as components['schemas']['ValidationProblem'];
    expect(problem.errors?.phone_number?.[0]).toMatch(/E\.164/);
    expect(problem.phone_number).toEqual(problem.errors?.phone_number);
    const unsigned = await api.GET('/api/bookings');
    expect([unsigned.error?.status, unsigned.error?.type]).toEqual([401, '/docs/errors/UNAUTHENTICATED']);
  });

  it('is told by the compiler what does not exist', async () => {
    const api = createClient<paths>({ baseUrl: 'http://127.0.0.1:9', fetch: async () => Response.json({}) });
    // @ts-expect-error There is no such path.
    await api.GET('/api/nowhere');
    // @ts-expect-error salon_id is missing.
    await api.GET('/api/salons/{salon_id}', { params: { path: {} } });
    // @ts-expect-error There is no such channel.
    await api.POST('/api/auth/phone/request', { body: { phone_number: '+966512345678', channel: 'pigeon' } });
    // @ts-expect-error A booking is missing.
    await api.POST('/api/payments', { body: { method: 'hosted_invoice' } });
    expect(api).toBeDefined();
  });
});
