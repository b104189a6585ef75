import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertStatus,
  createCustomer,
  findSalon,
  findService,
  listSlots,
  payOnPage,
  type RestBooking,
  type RestPayment,
  testCards,
  waitFor,
} from '@mawid/dev-stack';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { MESSAGES_SEND_TRACEPARENT: 'true', LOG_LEVEL: 'debug' } });
}, 120_000);

afterAll(() => stack?.close());

async function startBooking(policy: 'at_salon' | 'in_advance', language: 'ar' | 'en' = 'ar') {
  const customer = createCustomer(stack.urls, newPhone(), language);
  await customer.signIn();
  const salon = (await findSalon(customer, policy)).body;
  const service = (await findService(customer, salon.id)).body;
  const choice = { salonId: salon.id, serviceId: service.id, daysAhead: 3 };
  const { slots } = (await listSlots(customer, choice)).body;
  const slot = slots[Math.floor(Math.random() * slots.length)];
  const body = { salon_id: salon.id, items: [{ service_id: service.id }], start_at: slot?.start_at };
  const answer = await customer.call<RestBooking>('/api/bookings', { method: 'POST', body });
  return { customer, salon, service, answer: assertStatus(answer, 201), booking: answer.body };
}

async function startPayment(customer: Awaited<ReturnType<typeof startBooking>>['customer'], booking: RestBooking) {
  const body = { booking_id: booking.id, method: 'hosted_invoice' };
  return assertStatus(await customer.call<RestPayment>('/api/payments', { method: 'POST', body }), 201).body;
}

const messagesOf = async (phone: string) =>
  (await createCustomer(stack.urls, phone).messages()).filter((message) => message.code === undefined);

describe('the main journey', () => {
  it('confirms a booking that is paid at the salon at once, and tells it in Arabic, once', async () => {
    const { customer, booking, salon } = await startBooking('at_salon');
    expect(booking).toMatchObject({ state: 'confirmed', amount_due: { amount: 0, currency: 'SAR' } });
    const message = await customer.waitForMessage((it) => it.body.includes('تأكيد'));
    expect(message.body).toContain(salon.name.ar);
    await stack.settled();
    expect(await messagesOf(customer.phoneNumber)).toHaveLength(1);
  });

  it('speaks English to those who prefer it', async () => {
    const { customer, salon } = await startBooking('at_salon', 'en');
    const message = await customer.waitForMessage((it) => it.body.includes(salon.name.en));
    expect(message.body).toMatch(/confirmed/i);
  });

  it('holds, takes the money, confirms, cancels and gives all the money back', async () => {
    const { customer, booking } = await startBooking('in_advance');
    expect(booking).toMatchObject({ state: 'held', amount_due: booking.total });
    const payment = await startPayment(customer, booking);
    expect(payment).toMatchObject({ state: 'awaiting_payer', amount: booking.total });
    await payOnPage(payment.payment_url);
    const read = () => customer.call<RestBooking>(`/api/bookings/${booking.id}`);
    const confirmed = await waitFor(read, (it) => (it.body.state === 'confirmed' ? it.body : undefined));
    expect(confirmed.amount_paid).toEqual(booking.total);
    await customer.waitForMessage((it) => it.body.includes('تأكيد'));

    const path = `/api/bookings/${booking.id}/cancel`;
    const cancelled = await customer.call<RestBooking>(path, { method: 'POST', body: { reason: 'سفر' } });
    expect(assertStatus(cancelled, 200).body).toMatchObject({
      state: 'cancelled',
      cancellation: { refund: booking.total, fee: { amount: 0 }, cancelled_by: 'customer' },
    });
    const readPayment = () => customer.call<RestPayment>(`/api/payments/${payment.id}`);
    const refunded = await waitFor(readPayment, (it) => (it.body.state === 'refunded' ? it.body : undefined));
    expect(refunded.refunded).toEqual(booking.total);
    await customer.waitForMessage((it) => it.body.includes('استرداد'));
    await stack.settled();
    const books = (await (await fetch(`${stack.urls.moyasar}/_control/books`)).json()) as Books;
    const ours = books.payments.filter((it) => it.amount === booking.total.amount && it.refunded > 0);
    expect(ours).toHaveLength(1);
    expect(ours[0]?.refunded).toBe(booking.total.amount);
  });

  it('lets a declined payer try again on the same page', async () => {
    const { customer, booking } = await startBooking('in_advance');
    const payment = await startPayment(customer, booking);
    await payOnPage(payment.payment_url, testCards.declined);
    await payOnPage(payment.payment_url, testCards.approved);
    const read = () => customer.call<RestBooking>(`/api/bookings/${booking.id}`);
    await waitFor(read, (it) => (it.body.state === 'confirmed' ? it.body : undefined));
  });

  it('gives one payment to a payer who asks twice', async () => {
    const { customer, booking } = await startBooking('in_advance');
    const payments = await Promise.all([startPayment(customer, booking), startPayment(customer, booking)]);
    expect(new Set(payments.map((payment) => payment.id)).size).toBe(1);
  });

  it('replays the answer to a repeated Idempotency-Key, and refuses another body', async () => {
    const { customer, booking, salon, service } = await startBooking('at_salon');
    const choice = { salonId: salon.id, serviceId: service.id, daysAhead: 5 };
    const [slot] = (await listSlots(customer, choice)).body.slots;
    const body = { salon_id: salon.id, items: [{ service_id: service.id }], start_at: slot?.start_at };
    const options = { method: 'POST', headers: { 'idempotency-key': '"k-1"' } };
    const first = await customer.call<RestBooking>('/api/bookings', { ...options, body });
    const again = await customer.call<RestBooking>('/api/bookings', { ...options, body });
    const other = await customer.call('/api/bookings', { ...options, body: { ...body, customer_note: 'x' } });
    expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(first.body.id).not.toBe(booking.id);
  });

  it('refuses to cancel what has changed since it was read', async () => {
    const { customer, booking } = await startBooking('at_salon');
    const options = { method: 'POST', body: {}, headers: { 'if-match': '"stale"' } };
    const stale = await customer.call(`/api/bookings/${booking.id}/cancel`, options);
    expect([stale.status, stale.body.code]).toEqual([412, 'STALE_ETAG']);
    const read = await customer.call(`/api/bookings/${booking.id}`);
    const etag = read.headers.get('etag') ?? '';
    const current = await customer.call(`/api/bookings/${booking.id}/cancel`, {
      ...options,
      headers: { 'if-match': etag },
    });
    expect(current.status).toBe(200);
  });

  it('hides a booking from other customers', async () => {
    const { booking } = await startBooking('at_salon');
    const stranger = createCustomer(stack.urls, newPhone());
    await stranger.signIn();
    for (const path of [`/api/bookings/${booking.id}`, `/api/bookings/${booking.id}/cancel`]) {
      const answer = await stranger.call(path, path.endsWith('cancel') ? { method: 'POST', body: {} } : {});
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('is one trace from the request to the text message', async () => {
    const { customer, answer } = await startBooking('at_salon');
    await customer.waitForMessage((it) => it.body.includes('تأكيد'));
    const log = (await (await fetch(`${stack.urls.messages}/_log`)).json()) as SentEntry[];
    const sent = log.find((it) => it.provider === 'unifonic' && it.to.includes(customer.phoneNumber));
    expect(answer.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(sent?.traceparent?.split('-')[1]).toBe(answer.traceId);
  });
});

interface Books {
  readonly payments: readonly { readonly amount: number; readonly refunded: number }[];
}

interface SentEntry {
  readonly provider: string;
  readonly to: readonly string[];
  readonly traceparent?: string;
}
