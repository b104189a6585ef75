import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PaymentCapturedSchema, PaymentFailedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';
import { declinedCard } from './provider.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

interface KeptEvent {
  id: string;
  type: string;
  outcome: string | null;
  attempts: number;
  last_error: string | null;
  payload: Record<string, unknown>;
}

async function keptEvents(): Promise<KeptEvent[]> {
  const text = 'SELECT id, type, outcome, attempts, last_error, payload FROM webhook_events ORDER BY received_at';
  return (await world.ctx.database.query<KeptEvent>({ name: 'test.kept', text })).rows;
}

const processed = (count: number) =>
  waitFor(`${count} processed webhooks`, async () => {
    const events = await keptEvents();
    return events.length === count && events.every(({ outcome }) => outcome !== null) && events;
  });

const send = (body: unknown) =>
  world.client.receiveMoyasarWebhook({
    contentType: 'application/json',
    data: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });

const envelope = (changes: object = {}) => ({
  id: uuidv7(),
  type: 'payment_paid',
  created_at: '2026-11-22T18:30:00Z',
  secret_token: 'whsec-mawid-dev',
  account_name: 'Mawid',
  live: false,
  data: { id: uuidv7(), status: 'paid', amount: 11_500 },
  ...changes,
});

describe('ReceiveMoyasarWebhook', () => {
  it('captures once, however often the event comes', async () => {
    await world.provider.fault({ mode: 'webhook_twice' });
    const { payment } = await world.capture();
    const body = world.provider.webhooks.find((text) => text.includes('payment_paid')) ?? '';
    for (let again = 0; again < 3; again++) expect(await send(body)).toMatchObject({});
    const [event] = await processed(1);
    expect(event).toMatchObject({ type: 'payment_paid', attempts: 1 });
    // The invoice's own callback may have led to the money first.
    expect(['captured', 'known']).toContain(event?.outcome);
    expect(await world.events(PaymentCapturedSchema, payment.id)).toHaveLength(1);
    await world.audit();
  });

  it('keeps everything but the secret', async () => {
    await world.capture();
    const [event] = await processed(1);
    expect(event?.payload).toMatchObject({ account_name: 'Mawid', data: { status: 'paid' } });
    expect(JSON.stringify(event?.payload)).not.toContain('whsec');
  });

  it('captures when the events come last first', async () => {
    await world.provider.fault({ mode: 'webhook_shuffled', ms: 300 });
    const payment = await world.create(world.hold());
    await world.provider.pay(payment.paymentUrl, declinedCard);
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await processed(2);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.CAPTURED, failureReason: '' });
    await world.audit();
  });

  it.each(['payment_failed', 'payment_faild'])('lets a payer who was declined try again (%s)', async (type) => {
    await world.provider.fault({ mode: 'webhook_off', times: 1 });
    const payment = await world.create(world.hold());
    await world.provider.pay(payment.paymentUrl, declinedCard);
    const [charge] = (await world.provider.books()).payments;
    await send(envelope({ type, data: { id: charge?.id } }));
    await processed(1);
    const declined = await world.load(payment.id);
    expect(declined).toMatchObject({ state: PaymentState.AWAITING_PAYER, paymentUrl: payment.paymentUrl });
    expect(declined.failureReason).not.toBe('');
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });

  it.each([
    ['a wrong secret', envelope({ secret_token: 'wrong' })],
    ['none', envelope({ secret_token: undefined })],
    ['one that is no text', envelope({ secret_token: ['whsec-mawid-dev'] })],
    ['an empty one', envelope({ secret_token: '' })],
  ])('refuses %s and keeps nothing', async (_, body) => {
    expect(reasonOf(await refusalOf(send(body)))).toBe('WEBHOOK_SECRET_WRONG');
    expect(await keptEvents()).toEqual([]);
  });

  it.each([
    ['text', 'hello'],
    ['a list', '[]'],
    ['no id', envelope({ id: undefined })],
    ['nothing it is about', envelope({ data: {} })],
  ])('refuses a body that is %s', async (_, body) => {
    expect(reasonOf(await refusalOf(send(body)))).toBe('WEBHOOK_MALFORMED');
    expect(await keptEvents()).toEqual([]);
  });

  it.each([
    ['an event', envelope({ id: 'a\u0000b' })],
    ['a payment', envelope({ data: { id: 'a\u0000b' } })],
  ])('refuses an id of %s that no database can keep', async (_, body) => {
    expect(reasonOf(await refusalOf(send(body)))).toBe('WEBHOOK_MALFORMED');
  });

  it('refuses a callback without a secret whose invoice has an id that no database can keep', async () => {
    expect(reasonOf(await refusalOf(send({ id: 'a\u0000b', payments: [] })))).toBe('WEBHOOK_SECRET_WRONG');
  });

  it('keeps and marks events about payments that are not ours', async () => {
    const card = { name: 'Sara Al-Harbi', number: '4201320111111010', month: '09', year: '2035', cvc: '123' };
    await world.provider.call('POST', '/payments', {
      amount: 5_000,
      currency: 'SAR',
      callback_url: 'https://example.com/',
      source: { type: 'creditcard', ...card, '3ds': false },
    });
    await send(envelope());
    expect((await processed(2)).map(({ outcome }) => outcome)).toEqual(['unknown_payment', 'unknown_payment']);
  });

  it('believes the provider, not the event', async () => {
    const payment = await world.create(world.hold());
    await world.provider.pay(payment.paymentUrl, declinedCard);
    await processed(1);
    const [charge] = (await world.provider.books()).payments;
    await send(envelope({ data: { ...charge, status: 'paid' } }));
    await processed(2);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    await world.audit();
  });

  it('flags an amount that is not what was asked for, and captures nothing', async () => {
    const payment = await world.create(world.hold());
    const other = await world.create(world.hold());
    // The books of payments say a halala more than the invoice that the payer pays.
    const text = `UPDATE payments SET amount = amount + 1 WHERE id = $1`;
    await world.ctx.database.query({ name: 'test.raise', text, values: [payment.id] });
    await world.provider.pay(payment.paymentUrl);
    expect(await processed(1)).toMatchObject([{ outcome: 'amount_mismatch' }]);
    // By the time another payment of that age has expired, the job has passed this one, too.
    world.clock.advance(3_600_000);
    await world.waitForState(other.id, PaymentState.EXPIRED);
    expect(await world.load(payment.id)).toMatchObject({
      state: PaymentState.AWAITING_PAYER,
      captured: { amount: 0n },
    });
    expect(await world.events(PaymentCapturedSchema, payment.id)).toEqual([]);
    const metrics = await world.ctx.telemetry.metrics.metrics();
    expect(metrics).toContain('mawid_payment_attention_total{reason="amount_mismatch"} 1');
  });

  it('works on an event again while the provider does not answer', async () => {
    const payment = await world.create(world.hold());
    await world.provider.fault({ mode: 'error500', match: 'GET /v1/payments/{id}', times: 1 });
    await world.provider.fault({ mode: 'error500', match: 'GET /v1/invoices/{id}', times: 1 });
    await world.provider.pay(payment.paymentUrl);
    await waitFor('a failed attempt', async () => (await keptEvents()).some((event) => event.last_error !== null));
    world.clock.advance(11_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });
});

describe('CheckPayments', () => {
  it('finds the money of a lost webhook', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    await payWithoutCallback(payment.paymentUrl);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    world.clock.advance(61_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentCapturedSchema, payment.id)).toHaveLength(1);
    await world.audit();
  });

  it('takes the invoice’s own callback, which anybody could send, as a hint to look', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await keptEvents()).toEqual([]);
    await world.audit();
  });

  it('asks no question for each card that was declined, and keeps the last reason', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    world.provider.closeDoor(true);
    for (let card = 0; card < 4; card++) await world.provider.pay(payment.paymentUrl, declinedCard);
    world.provider.closeDoor(false);
    const asked = jest.spyOn(world.ctx.provider, 'fetchCharge');
    world.clock.advance(61_000);
    await waitFor('the reason', async () => (await world.load(payment.id)).failureReason !== '');
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
    const { etag } = await world.load(payment.id);
    world.clock.advance(61_000);
    await waitFor('another look', async () => (await checksOf(payment.id)) >= 2n);
    expect(await world.load(payment.id)).toMatchObject({ etag, state: PaymentState.AWAITING_PAYER });
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });

  it('expires what nobody has paid, and says so', async () => {
    const booking = world.hold();
    const payment = await world.create(booking);
    world.clock.advance(606_000);
    const expired = await world.waitForState(payment.id, PaymentState.EXPIRED);
    expect(expired.paymentUrl).toBe('');
    expect(await world.events(PaymentFailedSchema, payment.id)).toMatchObject([
      { bookingId: booking.id, customerId: booking.customerId, reason: 'expired' },
    ]);
    await world.audit();
  });

  it('asks a last time before it expires a payment', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    await payWithoutCallback(payment.paymentUrl);
    world.clock.advance(606_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentFailedSchema, payment.id)).toEqual([]);
    await world.audit();
  });

  it('captures what a slow payer pays after the page has lapsed', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    const bankPage = await startThreeDSecure(payment.paymentUrl);
    world.clock.advance(606_000);
    await world.waitForState(payment.id, PaymentState.EXPIRED);
    await fetch(bankPage, { method: 'POST', body: new URLSearchParams({ answer: 'approve' }), redirect: 'manual' });
    world.clock.advance(301_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentCapturedSchema, payment.id)).toHaveLength(1);
    await world.audit();
  });

  it('keeps both payments of a booking when the first is paid late', async () => {
    const booking = world.hold();
    const first = await world.create(booking);
    const bankPage = await startThreeDSecure(first.paymentUrl);
    world.clock.advance(606_000);
    await world.waitForState(first.id, PaymentState.EXPIRED);
    const extended = world.hold({ id: booking.id, customerId: booking.customerId, salonId: booking.salonId });
    const second = await world.create(extended);
    expect(second.id).not.toBe(first.id);
    await fetch(bankPage, { method: 'POST', body: new URLSearchParams({ answer: 'approve' }), redirect: 'manual' });
    await world.waitForState(first.id, PaymentState.CAPTURED);
    await world.provider.pay(second.paymentUrl);
    await world.waitForState(second.id, PaymentState.CAPTURED);
    await world.audit();
  });
});

async function checksOf(paymentId: string): Promise<bigint> {
  const text = 'SELECT checks::bigint FROM payments WHERE id = $1';
  const { rows } = await world.ctx.database.query<{ checks: bigint }>({
    name: 'test.checks',
    text,
    values: [paymentId],
  });
  return rows[0]?.checks ?? 0n;
}

/** Pays an invoice whose callback goes nowhere. */
async function payWithoutCallback(paymentUrl: string): Promise<void> {
  world.provider.closeDoor(true);
  await world.provider.pay(paymentUrl);
  await waitFor('the callback to have been tried', () => world.provider.turnedAway() > 0);
  world.provider.closeDoor(false);
}

/** Sends the card and stops at the bank's page, whose address it returns. */
async function startThreeDSecure(paymentUrl: string): Promise<string> {
  const card = { name: 'Sara Al-Harbi', number: '4201320111111010', month: '09', year: '2035', cvc: '123' };
  const body = new URLSearchParams({ ...card, '3ds': 'true' });
  const answer = await fetch(paymentUrl, { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '', paymentUrl).href;
}
