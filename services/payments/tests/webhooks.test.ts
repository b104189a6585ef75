import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentCapturedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { keptEvents } from './kept-events.ts';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';
import { declinedCard } from './provider.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const processed = (count: number) =>
  waitFor(`${count} processed webhooks`, async () => {
    const events = await keptEvents(world);
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

  it('keeps neither the secret nor anything of the payer', async () => {
    await world.capture();
    const [event] = await processed(1);
    expect(event?.payload).toMatchObject({ account_name: 'Mawid', data: { status: 'paid', amount: 11_500 } });
    const came = world.provider.webhooks.find((text) => text.includes('payment_paid')) ?? '';
    const { source, ip } = (JSON.parse(came) as { data: { source: Record<string, string>; ip?: string } }).data;
    const kept = JSON.stringify(event?.payload);
    for (const secret of ['whsec', source.name, source.number, ip ?? source.name]) {
      expect(came).toContain(secret);
      expect(kept).not.toContain(secret);
    }
  });

  it('keeps nothing of a saved card', async () => {
    const data = {
      id: 'token_1',
      status: 'active',
      name: 'Sara Al-Harbi',
      last_four: '1010',
      month: '09',
      year: '2035',
    };
    await send(envelope({ type: 'token_verified', account_name: { first: 'Sara' }, data }));
    expect((await processed(1))[0]?.payload).toMatchObject({ data: { id: 'token_1', status: 'active' } });
    expect(JSON.stringify((await keptEvents(world))[0]?.payload)).not.toMatch(/Sara|1010|2035/);
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
    expect(await keptEvents(world)).toEqual([]);
  });

  it.each([
    ['text', 'hello'],
    ['a list', '[]'],
    ['no id', envelope({ id: undefined })],
    ['nothing it is about', envelope({ data: {} })],
  ])('refuses a body that is %s', async (_, body) => {
    expect(reasonOf(await refusalOf(send(body)))).toBe('WEBHOOK_MALFORMED');
    expect(await keptEvents(world)).toEqual([]);
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
    await waitFor('a failed attempt', async () => (await keptEvents(world)).some((event) => event.last_error !== null));
    world.clock.advance(11_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });
});
