import { fromBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BookingCancelledSchema,
  BookingPaymentUnusableSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState, CancelledBy } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { factsOf, payloadsOf } from './support/booking-books.ts';
import { type MadeSalon, makeSalon, type SalonPlan } from './support/make-salon.ts';
import { createPaymentFacts } from './support/payment-facts.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
/** Two days and 22 hours from the start of the tests. */
const startAt = timestampFromDate(new Date('2026-11-25T07:00:00Z'));

interface Held {
  salon: MadeSalon;
  who: Person;
  booking: Booking;
}

function book(salon: MadeSalon, who: Person = person('customer')): Promise<Booking> {
  return bench.bookings.createBooking(
    { salonId: salon.id, items: salon.serviceIds.map((serviceId) => ({ serviceId })), startAt },
    as(who),
  );
}

async function hold(plan: SalonPlan = {}): Promise<Held> {
  const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, ...plan });
  const who = person('customer');
  return { salon, who, booking: await book(salon, who) };
}

const expire = () => expireHolds(bench.ctx, new AbortController().signal);
const read = ({ booking, who }: Held) => bench.bookings.getBooking({ bookingId: booking.id }, as(who));

const capture = (bookingId: string, payment: { id?: string; amount?: bigint } = {}) =>
  createPaymentFacts(bench.ctx).captured(bookingId, payment);
const events = (bookingId: string) => payloadsOf(bench.ctx.database, bookingId);
const facts = (bookingId: string) => factsOf(bench.ctx.database, bookingId);

describe('a captured payment', () => {
  it('confirms the booking it is for, once', async () => {
    const held = await hold();
    const paymentId = await capture(held.booking.id);
    expect(await read(held)).toMatchObject({ state: BookingState.CONFIRMED, amountPaid: { amount: 10_000n } });
    await capture(held.booking.id, { id: paymentId });
    expect(await facts(held.booking.id)).toEqual(['held', 'confirmed']);
    bench.clock.advance(11 * minute);
    await expire();
    expect((await read(held)).state).toBe(BookingState.CONFIRMED);
    expect(await refusalOf(book(held.salon))).toBe('SLOT_TAKEN');
  });

  it('confirms after the hold has lapsed while nobody has taken the time', async () => {
    const lapsed = await hold();
    bench.clock.advance(11 * minute);
    await capture(lapsed.booking.id);
    expect((await read(lapsed)).state).toBe(BookingState.CONFIRMED);
    expect(await refusalOf(book(lapsed.salon))).toBe('SLOT_TAKEN');
  });

  it('confirms an expired booking whose time is still free, with all of its claims', async () => {
    const late = await hold({ services: [{ minutes: 30 }, { minutes: 30 }], staff: [[0], [1]] });
    bench.clock.advance(11 * minute);
    await expire();
    expect((await read(late)).state).toBe(BookingState.EXPIRED);
    await capture(late.booking.id, { amount: 20_000n });
    expect((await read(late)).state).toBe(BookingState.CONFIRMED);
    expect(await facts(late.booking.id)).toEqual(['held', 'expired', 'confirmed']);
    expect(await refusalOf(book(late.salon))).toBe('SLOT_TAKEN');
  });

  it('is unusable once another booking has the time', async () => {
    const late = await hold();
    bench.clock.advance(11 * minute);
    const winner = await book(late.salon);
    const paymentId = await capture(late.booking.id);
    expect((await read(late)).state).toBe(BookingState.HELD);
    const last = (await events(late.booking.id)).at(-1);
    expect(last?.fact).toBe('payment_unusable');
    expect(fromBinary(BookingPaymentUnusableSchema, last?.payload ?? Buffer.of())).toMatchObject({
      bookingId: late.booking.id,
      paymentId,
      amount: { amount: 10_000n, currency: 'SAR' },
    });
    await expire();
    expect((await read(late)).state).toBe(BookingState.EXPIRED);
    await capture(winner.id);
    expect(await facts(winner.id)).toEqual(['held', 'confirmed']);
  });

  it('is unusable when it is not what was asked for, comes twice, or too late', async () => {
    const held = await hold();
    await capture(held.booking.id, { amount: 9_999n });
    expect((await read(held)).state).toBe(BookingState.HELD);
    await capture(held.booking.id);
    await capture(held.booking.id);
    expect(await facts(held.booking.id)).toEqual(['held', 'payment_unusable', 'confirmed', 'payment_unusable']);

    const cancelled = await hold();
    await bench.bookings.cancelBooking({ bookingId: cancelled.booking.id }, as(cancelled.who));
    await capture(cancelled.booking.id);
    expect(await facts(cancelled.booking.id)).toEqual(['held', 'cancelled', 'payment_unusable']);

    const unknown = uuidv7();
    await capture(unknown);
    expect(await facts(unknown)).toEqual(['payment_unusable']);
  });
});

describe('expire-holds', () => {
  it('ends lapsed holds only, once, however many run', async () => {
    const lapsed = await hold();
    bench.clock.advance(5 * minute);
    const fresh = await hold();
    bench.clock.advance(6 * minute);
    await Promise.all([expire(), expire(), expire()]);
    expect([(await read(lapsed)).state, (await read(fresh)).state]).toEqual([BookingState.EXPIRED, BookingState.HELD]);
    expect((await read(lapsed)).holdExpiresAt).toBeUndefined();
    expect(await facts(lapsed.booking.id)).toEqual(['held', 'expired']);
    expect(await refusalOf(book(lapsed.salon))).toBe('none');
  });
});

describe('CancelBooking', () => {
  const cancel = (bookingId: string, who: Person, headers: Record<string, string> = {}, reason = 'ill') =>
    bench.bookings.cancelBooking({ bookingId, reason }, as(who, headers));

  it('gives the time back and, in time, all of the money', async () => {
    const held = await hold();
    const paymentId = await capture(held.booking.id);
    const cancelled = await cancel(held.booking.id, held.who);
    expect(cancelled).toMatchObject({
      state: BookingState.CANCELLED,
      cancellation: {
        cancelledBy: CancelledBy.CUSTOMER,
        reason: 'ill',
        fee: { amount: 0n },
        refund: { amount: 10_000n },
      },
    });
    const last = (await events(held.booking.id)).at(-1);
    expect(fromBinary(BookingCancelledSchema, last?.payload ?? Buffer.of())).toMatchObject({
      paymentId,
      refundDue: { amount: 10_000n, currency: 'SAR' },
      version: 3n,
    });
    expect(await refusalOf(book(held.salon))).toBe('none');
  });

  it('keeps the fee of the policy as it was when the booking was made, of a late customer only', async () => {
    const policy = { freeUntilHours: 48, lateFeePercent: 30 };
    const late = await hold({ cancellationPolicy: policy });
    await capture(late.booking.id);
    await bench.catalog.updateSalon(
      { salonId: late.salon.id, cancellationPolicy: { freeUntilHours: 0, lateFeePercent: 100 } },
      as(late.salon.manager),
    );
    bench.clock.advance(24 * 60 * minute);
    expect(await cancel(late.booking.id, late.who)).toMatchObject({
      cancellation: { fee: { amount: 3_000n }, refund: { amount: 7_000n } },
    });

    for (const [who, by] of [
      [undefined, CancelledBy.SALON],
      [person('admin'), CancelledBy.OPERATOR],
    ] as const) {
      bench.clock.set(startOfTests);
      const other = await hold({ cancellationPolicy: policy });
      await capture(other.booking.id);
      bench.clock.advance(24 * 60 * minute);
      expect(await cancel(other.booking.id, who ?? other.salon.manager)).toMatchObject({
        cancellation: { cancelledBy: by, fee: { amount: 0n }, refund: { amount: 10_000n } },
      });
    }
  });

  it('refuses what has started, and what is cancelled or expired', async () => {
    const held = await hold();
    await capture(held.booking.id);
    bench.clock.set('2026-11-25T07:00:00Z');
    expect(await refusalOf(cancel(held.booking.id, held.who))).toBe('BOOKING_NOT_CANCELLABLE');
    bench.clock.set(startOfTests);
    await cancel(held.booking.id, held.who);
    expect(await refusalOf(cancel(held.booking.id, held.who))).toBe('BOOKING_NOT_CANCELLABLE');
    const expired = await hold();
    bench.clock.advance(11 * minute);
    await expire();
    expect(await refusalOf(cancel(expired.booking.id, expired.who))).toBe('BOOKING_NOT_CANCELLABLE');
  });

  it('honours If-Match and Idempotency-Key', async () => {
    const held = await hold();
    const before = held.booking.etag;
    await capture(held.booking.id);
    expect(await refusalOf(cancel(held.booking.id, held.who, { 'if-match': `"${before}"` }))).toBe('STALE_ETAG');
    const { etag } = await read(held);
    const headers = { 'if-match': `"${etag}"`, 'idempotency-key': uuidv7() };
    const cancelled = await cancel(held.booking.id, held.who, headers);
    expect(await cancel(held.booking.id, held.who, headers)).toEqual(cancelled);
    expect(await facts(held.booking.id)).toEqual(['held', 'confirmed', 'cancelled']);
  });

  it('happens once of many at one time, and never together with a payment', async () => {
    const held = await hold();
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => refusalOf(cancel(held.booking.id, held.who))),
      capture(held.booking.id).then(() => 'captured'),
    ]);
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(1);
    const seen = await facts(held.booking.id);
    expect([
      ['held', 'confirmed', 'cancelled'],
      ['held', 'cancelled', 'payment_unusable'],
    ]).toContainEqual(seen);
  });
});
