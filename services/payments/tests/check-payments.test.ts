import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PaymentCapturedSchema, PaymentFailedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { PaymentState } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { bankGraceMs } from '../src/domain/check-delays.ts';
import { keptEvents } from './kept-events.ts';
import { type PaymentsWorld, refusalOf, startPaymentsWorld } from './payments-world.ts';
import { declinedCard } from './provider.ts';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
beforeEach(() => world.reset());
afterAll(() => world.close());

/** From the making of a payment until its page has lapsed. */
const pageMs = 606_000;

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
    expect(await keptEvents(world)).toEqual([]);
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
    world.clock.advance(pageMs);
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
    world.clock.advance(pageMs);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentFailedSchema, payment.id)).toEqual([]);
    await world.audit();
  });

  it('gives up nobody who is at the bank’s page when ours lapses', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const booking = world.hold();
    const payment = await world.create(booking);
    const bankPage = await startThreeDSecure(payment.paymentUrl);
    const before = await checksOf(payment.id);
    world.clock.advance(pageMs);
    await waitFor('a look', async () => (await checksOf(payment.id)) > before);
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.AWAITING_PAYER });
    world.booking.put({ ...booking, holdExpiresAt: timestampFromDate(new Date(world.clock.now().getTime() + 60_000)) });
    expect((await world.create(booking)).id).toBe(payment.id);

    await answerBank(bankPage);
    world.clock.advance(61_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentFailedSchema, payment.id)).toEqual([]);
    await world.audit();
  });

  it('begins no second payment in the moment in which the first one ends with the hold', async () => {
    const booking = world.hold();
    const payment = await world.create(booking);
    // The job does not come to it before the customer asks again.
    await world.ctx.database.query({ name: 'test.unschedule', text: 'UPDATE payments SET next_check_at = NULL' });
    world.clock.advance(pageMs);
    world.booking.put({ ...booking, holdExpiresAt: timestampFromDate(new Date(world.clock.now().getTime() + 60_000)) });
    expect(reasonOf(await refusalOf(world.create(booking)))).toBe('BOOKING_NOT_PAYABLE');
    expect(await world.load(payment.id)).toMatchObject({ state: PaymentState.EXPIRED });
    expect(await world.events(PaymentFailedSchema, payment.id)).toHaveLength(1);
  });

  it('captures what a slow payer pays after the page has lapsed', async () => {
    await world.provider.fault({ mode: 'webhook_off' });
    const payment = await world.create(world.hold());
    const bankPage = await startThreeDSecure(payment.paymentUrl);
    world.clock.advance(pageMs + bankGraceMs);
    await world.waitForState(payment.id, PaymentState.EXPIRED);
    await answerBank(bankPage);
    world.clock.advance(301_000);
    await world.waitForState(payment.id, PaymentState.CAPTURED);
    expect(await world.events(PaymentCapturedSchema, payment.id)).toHaveLength(1);
    await world.audit();
  });

  it('keeps both payments of a booking when the first is paid late', async () => {
    const booking = world.hold();
    const first = await world.create(booking);
    const bankPage = await startThreeDSecure(first.paymentUrl);
    world.clock.advance(pageMs + bankGraceMs);
    await world.waitForState(first.id, PaymentState.EXPIRED);
    const extended = world.hold({ id: booking.id, customerId: booking.customerId, salonId: booking.salonId });
    const second = await world.create(extended);
    expect(second.id).not.toBe(first.id);
    await answerBank(bankPage);
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

/** Says yes on the bank's page. */
async function answerBank(bankPage: string): Promise<void> {
  await fetch(bankPage, { method: 'POST', body: new URLSearchParams({ answer: 'approve' }), redirect: 'manual' });
}
