import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RefundState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

describe('GetPayment', () => {
  it('shows a payment to its customer and to admins, and hides it from others', async () => {
    const payment = await world.create(world.hold());
    const request = { paymentId: payment.id };
    expect(await world.client.getPayment(request, await world.as(payment.customerId))).toEqual(payment);
    expect(await world.client.getPayment(request, await world.as(uuidv7(), { role: 'admin' }))).toEqual(payment);
    const foreign = await refusalOf(world.client.getPayment(request, await world.as(uuidv7())));
    const missing = await refusalOf(world.client.getPayment({ paymentId: uuidv7() }, await world.as(uuidv7())));
    expect([reasonOf(foreign), reasonOf(missing)]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });
});

describe('GetPayment while refunds end', () => {
  it('tells of the payment and its refunds as they were at one moment', async () => {
    const { payment } = await world.capture();
    const admin = await world.as(uuidv7(), { role: 'admin' });
    for (let n = 0; n < 3; n += 1) {
      const amount = { amount: 100n, currency: 'SAR' };
      await world.client.refundPayment({ paymentId: payment.id, amount, reason: 'goodwill' }, admin);
      for (let ended = 0; ended <= n; ) {
        const { refunds, refunded } = await world.client.getPayment({ paymentId: payment.id }, admin);
        ended = refunds.filter((each) => each.state === RefundState.SUCCEEDED).length;
        expect(refunded?.amount).toBe(100n * BigInt(ended));
      }
    }
  });
});

describe('ListPayments', () => {
  const customerId = uuidv7();
  const create = () => world.create(world.hold({ customerId }));

  it('goes through the caller’s payments page by page, newest first', async () => {
    const made = [await create(), await create(), await create()];
    await world.create(world.hold());
    const options = await world.as(customerId);
    const first = await world.client.listPayments({ pageSize: 2 }, options);
    const second = await world.client.listPayments({ pageSize: 2, pageToken: first.nextPageToken }, options);
    expect([...first.payments, ...second.payments]).toEqual(made.toReversed());
    expect(first.payments).toHaveLength(2);
    expect(second.nextPageToken).toBe('');
  });

  it('narrows to a booking', async () => {
    const [one] = [await create(), await create()];
    const { payments } = await world.client.listPayments({ bookingId: one.bookingId }, await world.as(customerId));
    expect(payments).toEqual([one]);
  });

  it('shows admins those of everybody', async () => {
    await create();
    await world.create(world.hold());
    const { payments } = await world.client.listPayments({}, await world.as(uuidv7(), { role: 'admin' }));
    expect(payments).toHaveLength(2);
  });

  it('refuses a token that was made for another list', async () => {
    await create();
    await create();
    const { nextPageToken } = await world.client.listPayments({ pageSize: 1 }, await world.as(customerId));
    const foreign = world.client.listPayments({ pageToken: nextPageToken }, await world.as(uuidv7()));
    const forged = world.client.listPayments({ pageToken: `${nextPageToken}x` }, await world.as(customerId));
    expect(reasonOf(await refusalOf(foreign))).toBe('PAGE_TOKEN_INVALID');
    expect(reasonOf(await refusalOf(forged))).toBe('PAGE_TOKEN_INVALID');
  });
});
