import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { insertEvents } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { keptEvents } from './kept-events.ts';
import { type PaymentsWorld, startPaymentsWorld } from './payments-world.ts';
import { declinedCard } from './provider.ts';

describe('UserErased', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await startPaymentsWorld();
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  /** As identity says it; resolves when it was taken in. */
  async function erase(userId: string): Promise<void> {
    const id = uuidv7();
    const { database, relay } = world.ctx;
    const message = create(UserErasedSchema, { userId, version: 9n });
    await insertEvents(database, [{ schema: UserErasedSchema, message, id, aggregateId: userId, aggregateVersion: 9 }]);
    relay.wake();
    await waitFor('the fact', async () => {
      const text = 'SELECT FROM inbox WHERE event_id = $1';
      return (await database.query({ name: 'test.inbox', text, values: [id] })).rowCount === 1;
    });
  }

  const processed = (count: number) =>
    waitFor(`${count} processed webhooks`, async () => {
      const events = await keptEvents(world);
      return events.length === count && events.every(({ outcome }) => outcome !== null);
    });

  it('takes the words about a decline and leaves the payment payable', async () => {
    const held = world.hold();
    const payment = await world.create(held, uuidv7());
    await world.provider.pay(payment.paymentUrl, declinedCard);
    await processed(1);
    expect((await world.load(payment.id)).failureReason).not.toBe('');
    await erase(held.customerId);
    expect(await world.load(payment.id)).toMatchObject({ failureReason: '', paymentUrl: payment.paymentUrl });
    const text = 'SELECT FROM idempotency_keys WHERE user_id = $1';
    const keys = await world.ctx.database.query({ name: 'test.keys', text, values: [held.customerId] });
    expect(keys.rowCount).toBe(0);
  });

  it('keeps money and refunds, without what an operator wrote', async () => {
    const { booking, payment } = await world.capture();
    const options = await world.as(uuidv7(), { role: 'admin' });
    const amount = { amount: 1_500n, currency: 'SAR' };
    await world.client.refundPayment({ paymentId: payment.id, amount, reason: 'Sara was ill' }, options);
    const before = await world.waitForState(payment.id, PaymentState.PARTIALLY_REFUNDED);
    expect(before.refunds).toMatchObject([{ reason: 'Sara was ill' }]);
    await erase(booking.customerId);
    expect(await world.load(payment.id)).toEqual({ ...before, refunds: [{ ...before.refunds[0], reason: '' }] });
    await world.audit();
  });

  it('is not undone by what an operator writes late', async () => {
    const { booking, payment } = await world.capture();
    await erase(booking.customerId);
    const options = await world.as(uuidv7(), { role: 'admin' });
    const amount = { amount: 1_500n, currency: 'SAR' };
    await world.client.refundPayment({ paymentId: payment.id, amount, reason: 'Sara was ill' }, options);
    const { refunds } = await world.waitForState(payment.id, PaymentState.PARTIALLY_REFUNDED);
    expect(refunds).toMatchObject([{ amount, reason: '' }]);
    await world.audit();
  });

  it('is not undone by what the provider tells late, and is the same when told twice', async () => {
    const held = world.hold();
    const payment = await world.create(held);
    await erase(held.customerId);
    await world.provider.pay(payment.paymentUrl, declinedCard);
    await processed(1);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.AWAITING_PAYER, failureReason: '' });
    await erase(held.customerId);
    await world.provider.pay(payment.paymentUrl);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    await world.audit();
  });

  it('touches nobody else', async () => {
    const payment = await world.create(world.hold());
    await world.provider.pay(payment.paymentUrl, declinedCard);
    await processed(1);
    const before = await world.load(payment.id);
    await erase(uuidv7());
    expect(await world.load(payment.id)).toEqual(before);
  });
});
