import type { MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  BookingCancelledSchema,
  BookingPaymentUnusableSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { type Payment, PaymentState, RefundState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import type { RefundPaymentRequestSchema } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { ProviderError } from '../src/provider/provider-error.ts';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

const fault = { match: 'POST /v1/payments/{id}/refund', times: 1 };
const sar = (amount: bigint) => ({ amount, currency: 'SAR' });

async function refund(
  request: Omit<MessageInitShape<typeof RefundPaymentRequestSchema>, '$typeName'>,
  key?: string,
): Promise<Payment> {
  const options = await world.as(uuidv7(), { role: 'admin', ...(key ? { key } : {}) });
  return world.client.refundPayment({ reason: 'goodwill', ...request }, options);
}

const booksOf = async () => (await world.provider.books()).refunds.map(({ amount }) => amount);

async function waitForRefund(paymentId: string, condition: (payment: Payment) => boolean): Promise<Payment> {
  return waitFor('the refund', async () => {
    const payment = await world.load(paymentId);
    return condition(payment) ? payment : undefined;
  });
}

const allIn = (state: RefundState) => (payment: Payment) =>
  payment.refunds.length > 0 && payment.refunds.every((each) => each.state === state);

describe('RefundPayment', () => {
  it('gives everything back, and says so', async () => {
    const { booking, payment } = await world.capture();
    const asked = await refund({ paymentId: payment.id });
    expect(asked.refunds).toMatchObject([{ amount: sar(11_500n), state: RefundState.PENDING, reason: 'goodwill' }]);
    expect(asked.etag).not.toBe(payment.etag);
    const refunded = await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(refunded).toMatchObject({ refunded: sar(11_500n), refunds: [{ state: RefundState.SUCCEEDED }] });
    expect(await world.events(RefundSucceededSchema, payment.id)).toMatchObject([
      { refundId: asked.refunds[0]?.id, bookingId: booking.id, customerId: booking.customerId, amount: sar(11_500n) },
    ]);
    await world.audit();
  });

  it('gives parts back until nothing is left', async () => {
    const { payment } = await world.capture();
    await refund({ paymentId: payment.id, amount: sar(1_500n) });
    expect(await world.waitForState(payment.id, PaymentState.PARTIALLY_REFUNDED)).toMatchObject({
      refunded: sar(1_500n),
    });
    await refund({ paymentId: payment.id });
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(await booksOf()).toEqual([1_500, 10_000]);
    expect(reasonOf(await refusalOf(refund({ paymentId: payment.id })))).toBe('PAYMENT_NOT_REFUNDABLE');
    await world.audit();
  });

  it('never gives back more than was taken, whoever asks at once', async () => {
    const { payment } = await world.capture();
    const asked = Array.from({ length: 20 }, () => refund({ paymentId: payment.id, amount: sar(1_000n) }));
    const results = await Promise.allSettled(asked);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(9);
    expect(new Set(refused.map(({ reason }) => reasonOf(reason)))).toEqual(new Set(['REFUND_EXCEEDS_CAPTURED']));
    await waitForRefund(payment.id, (each) => each.refunded?.amount === 11_000n);
    expect(await booksOf()).toEqual(Array.from({ length: 11 }, () => 1_000));
    await world.audit();
  });

  it('is capped by the database, too', async () => {
    const { payment } = await world.capture();
    const text = 'UPDATE payments SET reserved = captured + 1 WHERE id = $1';
    const write = world.ctx.database.query({ name: 'test.exceed', text, values: [payment.id] });
    await expect(write).rejects.toMatchObject({ code: '23514', constraint: 'payments_reserved_at_most_captured' });
  });

  it('has one effect for one idempotency key', async () => {
    const { payment } = await world.capture();
    const request = { paymentId: payment.id, amount: sar(500n) };
    const [key, options] = [uuidv7(), await world.as(uuidv7(), { role: 'admin' })];
    options.headers.set('idempotency-key', key);
    const call = () => world.client.refundPayment({ ...request, reason: 'goodwill' }, options);
    const [first, second] = [await call(), await call()];
    expect(second).toEqual(first);
    await waitForRefund(payment.id, allIn(RefundState.SUCCEEDED));
    expect(await booksOf()).toEqual([500]);
    await world.audit();
  });

  it.each([
    ['nothing', sar(0n), 'VALIDATION_FAILED'],
    ['less than nothing', sar(-1n), 'VALIDATION_FAILED'],
    ['another currency', { amount: 100n, currency: 'USD' }, 'VALIDATION_FAILED'],
    ['a halala too much', sar(11_501n), 'REFUND_EXCEEDS_CAPTURED'],
  ])('refuses %s', async (_, amount, reason) => {
    const { payment } = await world.capture();
    expect(reasonOf(await refusalOf(refund({ paymentId: payment.id, amount })))).toBe(reason);
    expect(await booksOf()).toEqual([]);
  });

  it('refuses a payment that is not captured, one that is not there, and callers who are no admins', async () => {
    const { id: paymentId, customerId } = await world.create(world.hold());
    expect(reasonOf(await refusalOf(refund({ paymentId })))).toBe('PAYMENT_NOT_REFUNDABLE');
    expect(reasonOf(await refusalOf(refund({ paymentId: uuidv7() })))).toBe('NOT_FOUND');
    const own = world.client.refundPayment({ paymentId, reason: 'please' }, await world.as(customerId));
    expect(reasonOf(await refusalOf(own))).toBe('PERMISSION_DENIED');
  });
});

describe('SendRefunds while the provider is in trouble', () => {
  it('recognises a refund that acted and never answered, and does not repeat it', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ ...fault, mode: 'timeout_after_acting', ms: 2_000 });
    await refund({ paymentId: payment.id, amount: sar(1_500n) });
    await waitFor('the provider to have acted', async () => (await booksOf()).length === 1);
    // A second one must wait until it is clear what became of the first.
    await refund({ paymentId: payment.id, amount: sar(2_000n) });
    await waitFor('the first call to be given up', async () => isDelayed(payment.id));
    expect(await booksOf()).toEqual([1_500]);
    world.clock.advance(61_000);
    await waitForRefund(payment.id, allIn(RefundState.SUCCEEDED));
    expect(await booksOf()).toEqual([1_500, 2_000]);
    expect(await world.events(RefundSucceededSchema, payment.id)).toHaveLength(2);
    await world.audit();
  });

  it('sends a refund again only when the lost call can no longer act', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ ...fault, mode: 'timeout_before_acting', ms: 2_000 });
    await refund({ paymentId: payment.id, amount: sar(1_500n) });
    await waitFor('the call to be given up', async () => isDelayed(payment.id));
    world.clock.advance(61_000);
    await waitFor('a look that changes nothing', async () => (await reasonOfRefund(payment.id)) === 'wait');
    expect(await booksOf()).toEqual([]);
    world.clock.advance(121_000);
    await waitForRefund(payment.id, allIn(RefundState.SUCCEEDED));
    expect(await booksOf()).toEqual([1_500]);
    await world.audit();
  });

  it('recognises a refund that acted so late that its repetition was refused', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ ...fault, mode: 'timeout_before_acting', ms: 2_000 });
    await refund({ paymentId: payment.id });
    await waitFor('the call to be given up', async () => isDelayed(payment.id));
    const [charge] = (await world.provider.books()).payments;
    const repetition = jest.spyOn(world.ctx.provider, 'refund').mockImplementationOnce(async () => {
      await world.provider.call('POST', `/payments/${charge?.id}/refund`, { amount: 11_500 });
      throw new ProviderError('400: nothing is left', { isRetryable: false, mayHaveActed: false, status: 400 });
    });
    world.clock.advance(181_000);
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    repetition.mockRestore();
    expect(await booksOf()).toEqual([11_500]);
    expect(await world.events(RefundSucceededSchema, payment.id)).toHaveLength(1);
    await world.audit();
  });

  it('keeps what is owed while the provider does not take our key', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ mode: 'error', status: 401, match: 'GET /v1/payments/{id}', times: 1 });
    await refund({ paymentId: payment.id });
    await waitFor('the refusal', async () => isDelayed(payment.id));
    world.clock.advance(61_000);
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(await booksOf()).toEqual([11_500]);
    await world.audit();
  });

  it('tries again after a refusal that certainly did nothing', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ ...fault, mode: 'error', status: 429 });
    await refund({ paymentId: payment.id });
    await waitFor('the refusal', async () => isDelayed(payment.id));
    world.clock.advance(61_000);
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(await booksOf()).toEqual([11_500]);
    await world.audit();
  });

  it('leaves a refund that is refused for good to an operator, and frees its amount', async () => {
    const { payment } = await world.capture();
    await world.provider.fault({ ...fault, mode: 'error', status: 400 });
    await refund({ paymentId: payment.id });
    const failed = await waitForRefund(payment.id, allIn(RefundState.FAILED));
    expect(failed).toMatchObject({ state: PaymentState.CAPTURED, refunded: sar(0n) });
    await refund({ paymentId: payment.id });
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(await booksOf()).toEqual([11_500]);
    await world.audit();
  });

  it('sends nothing when the provider has given back what payments did not send', async () => {
    const { payment } = await world.capture();
    const [charge] = (await world.provider.books()).payments;
    await world.provider.call('POST', `/payments/${charge?.id}/refund`, { amount: 11_500 });
    await refund({ paymentId: payment.id });
    await waitFor('the doubt', async () => (await reasonOfRefund(payment.id)) === 'mismatch');
    expect(await booksOf()).toEqual([11_500]);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.CAPTURED });
  });
});

describe('OnBookingCancelled', () => {
  const cancelled = (booking: Booking, payment: Payment, due: bigint) =>
    world.booking.publish(
      BookingCancelledSchema,
      { booking, version: 3n, paymentId: payment.id, refundDue: sar(due) },
      booking.id,
    );

  it('refunds what is due, once, however often it is told', async () => {
    const { booking, payment } = await world.capture();
    await cancelled(booking, payment, 5_750n);
    await cancelled(booking, payment, 5_750n);
    await waitFor('both to be handled', async () => (await inboxCount()) === 2);
    const refunded = await waitForRefund(payment.id, allIn(RefundState.SUCCEEDED));
    expect(refunded).toMatchObject({ state: PaymentState.PARTIALLY_REFUNDED, refunded: sar(5_750n) });
    expect(await booksOf()).toEqual([5_750]);
    await world.audit();
  });

  it('refunds nothing where nothing is due', async () => {
    const { booking, payment } = await world.capture();
    await cancelled(booking, payment, 0n);
    await waitFor('it to be handled', async () => (await inboxCount()) === 1);
    await world.audit();
    expect((await world.load(payment.id)).refunds).toEqual([]);
  });

  it('refunds what is left where an operator was faster', async () => {
    const { booking, payment } = await world.capture();
    await refund({ paymentId: payment.id, amount: sar(10_000n) });
    await cancelled(booking, payment, 11_500n);
    await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(await booksOf()).toEqual([10_000, 1_500]);
    await world.audit();
  });
});

describe('OnBookingPaymentUnusable', () => {
  it('refunds all of it', async () => {
    const { booking, payment } = await world.capture();
    const message = { bookingId: booking.id, version: 3n, paymentId: payment.id, amount: sar(11_500n) };
    await world.booking.publish(BookingPaymentUnusableSchema, message, booking.id);
    const refunded = await world.waitForState(payment.id, PaymentState.REFUNDED);
    expect(refunded.refunds).toMatchObject([{ reason: 'payment_unusable', amount: sar(11_500n) }]);
    await world.audit();
  });
});

async function refundRow(paymentId: string): Promise<{ delayed: boolean; reason: string | null } | undefined> {
  const text = `SELECT next_attempt_at > created_at AS delayed, failure_reason AS reason FROM refunds
                 WHERE payment_id = $1 ORDER BY created_at, id LIMIT 1`;
  const { rows } = await world.ctx.database.query<{ delayed: boolean; reason: string | null }>({
    name: 'test.refund_row',
    text,
    values: [paymentId],
  });
  return rows[0];
}

const isDelayed = async (paymentId: string) => (await refundRow(paymentId))?.delayed === true;
const reasonOfRefund = async (paymentId: string) => (await refundRow(paymentId))?.reason;

async function inboxCount(): Promise<number> {
  const { rows } = await world.ctx.database.query<{ count: bigint }>({
    name: 'test.inbox',
    text: 'SELECT count(*) FROM inbox',
  });
  return Number(rows[0]?.count ?? 0);
}
