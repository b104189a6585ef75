import { fromBinary } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingHoldExtendedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { claimEndsOf, factsOf, historyOf, payloadsOf } from './support/booking-books.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';
import { createPaymentFacts, type PaymentFacts } from './support/payment-facts.ts';

let bench: Bench;
let payments: PaymentFacts;
beforeAll(async () => {
  bench = await openBench();
  payments = createPaymentFacts(bench.ctx);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const startAt = timestampFromDate(new Date('2026-11-25T07:00:00Z'));
/** So many minutes after the hold began; without a payment it ends after ten. */
const minute = (count: number) => new Date(Date.parse(startOfTests) + count * 60_000);

interface Held {
  salon: MadeSalon;
  who: Person;
  id: string;
}

function book(salon: MadeSalon, who = person('customer')): Promise<Booking> {
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  return bench.bookings.createBooking({ salonId: salon.id, items, startAt }, as(who));
}

async function hold(): Promise<Held> {
  const services = [
    { minutes: 30, price: 5_000n },
    { minutes: 30, price: 5_000n, after: 15 },
  ];
  const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, services, staff: [[0], [1]] });
  const who = person('customer');
  return { salon, who, id: (await book(salon, who)).id };
}

const at = (count: number) => bench.clock.set(minute(count));
const expire = () => expireHolds(bench.ctx, new AbortController().signal);
const read = ({ id, who }: Held) => bench.bookings.getBooking({ bookingId: id }, as(who));
const facts = (id: string) => factsOf(bench.ctx.database, id);
const claimEnds = (id: string) => claimEndsOf(bench.ctx.database, id);

async function endOf(held: Held): Promise<Date | undefined> {
  const { holdExpiresAt } = await read(held);
  return holdExpiresAt && timestampDate(holdExpiresAt);
}

describe('a payer who is sent to the bank’s page', () => {
  it('keeps the time for ten minutes from then on, with all of its claims', async () => {
    const held = await hold();
    at(8);
    const paymentId = await payments.started(held.id);
    expect(await endOf(held)).toEqual(minute(18));
    expect(await claimEnds(held.id)).toEqual([minute(18).toISOString(), minute(18).toISOString()]);
    const last = (await payloadsOf(bench.ctx.database, held.id)).at(-1);
    expect(last?.fact).toBe('hold_extended');
    expect(fromBinary(BookingHoldExtendedSchema, last?.payload ?? Buffer.of())).toMatchObject({
      booking: { id: held.id, state: BookingState.HELD, holdExpiresAt: timestampFromDate(minute(18)) },
      version: 2n,
      paymentId,
    });
    expect((await historyOf(bench.ctx.database, held.id)).at(-1)).toBe('2 extend_hold held system');

    at(12);
    await expire();
    expect(await refusalOf(book(held.salon))).toBe('SLOT_TAKEN');
    await payments.captured(held.id, { id: paymentId });
    expect((await read(held)).state).toBe(BookingState.CONFIRMED);
    expect(await claimEnds(held.id)).toEqual(['lasting', 'lasting']);
    expect(await facts(held.id)).toEqual(['held', 'hold_extended', 'confirmed']);
  });

  it('does not keep it for ever', async () => {
    const held = await hold();
    at(8);
    await payments.started(held.id);
    at(18);
    expect(await refusalOf(book(held.salon))).toBe('none');
    await expire();
    expect(await facts(held.id)).toEqual(['held', 'hold_extended', 'expired']);
  });

  it('lengthens the hold once, whatever payments begin', async () => {
    const held = await hold();
    at(2);
    const first = await payments.started(held.id);
    at(9);
    await payments.started(held.id, first);
    await payments.started(held.id);
    expect(await endOf(held)).toEqual(minute(12));
    expect(await facts(held.id)).toEqual(['held', 'hold_extended']);
  });

  it('does not bring back a hold that has lapsed, though its time is free', async () => {
    const held = await hold();
    at(10);
    const paymentId = await payments.started(held.id);
    expect(await endOf(held)).toEqual(minute(10));
    expect(await refusalOf(book(held.salon))).toBe('none');
    await expire();
    await payments.started(held.id);
    await payments.captured(held.id, { id: paymentId });
    expect(await facts(held.id)).toEqual(['held', 'expired', 'payment_unusable']);
  });

  it('lengthens nothing where another process, whose clock is ahead, has given the time away', async () => {
    const held = await hold();
    const release = 'UPDATE claims SET active = false WHERE id = (SELECT min(id) FROM claims WHERE booking_id = $1)';
    await bench.ctx.database.query({ name: 'test.release', text: release, values: [held.id] });
    at(9);
    await payments.started(held.id);
    expect(await endOf(held)).toEqual(minute(10));
    expect((await claimEnds(held.id)).sort()).toEqual([minute(10).toISOString(), 'released']);
    expect(await facts(held.id)).toEqual(['held']);
  });

  it('changes no booking that is cancelled, or paid by the time the fact comes', async () => {
    const [paid, cancelled] = [await hold(), await hold()];
    const paymentId = await payments.captured(paid.id);
    await payments.started(paid.id, paymentId);
    expect(await facts(paid.id)).toEqual(['held', 'confirmed']);
    await bench.bookings.cancelBooking({ bookingId: cancelled.id }, as(cancelled.who));
    await payments.started(cancelled.id);
    expect(await facts(cancelled.id)).toEqual(['held', 'cancelled']);
  });
});

describe('a payment that will not come', () => {
  it('lets the hold end when it would have, and another payment lengthens it no more', async () => {
    const held = await hold();
    at(5);
    const paymentId = await payments.started(held.id);
    at(6);
    await payments.failed(held.id, paymentId);
    expect(await endOf(held)).toEqual(minute(10));
    expect(await claimEnds(held.id)).toEqual([minute(10).toISOString(), minute(10).toISOString()]);
    expect((await historyOf(bench.ctx.database, held.id)).at(-1)).toBe('3 extend_hold held system payment_failed');
    await payments.started(held.id);
    expect(await endOf(held)).toEqual(minute(10));
    expect(await facts(held.id)).toEqual(['held', 'hold_extended', 'hold_extended']);
    await payments.captured(held.id);
    expect((await read(held)).state).toBe(BookingState.CONFIRMED);
  });

  it('gives the time back at once where the hold would have ended before', async () => {
    const held = await hold();
    at(8);
    const paymentId = await payments.started(held.id);
    at(11);
    expect(await refusalOf(book(held.salon))).toBe('SLOT_TAKEN');
    await payments.failed(held.id, paymentId);
    expect(await endOf(held)).toEqual(minute(11));
    expect(await refusalOf(book(held.salon))).toBe('none');
    await payments.failed(held.id, paymentId);
    await expire();
    expect(await facts(held.id)).toEqual(['held', 'hold_extended', 'hold_extended', 'expired']);
  });

  it('ends nothing that another payment lengthened', async () => {
    const held = await hold();
    at(8);
    await payments.started(held.id);
    await payments.failed(held.id);
    expect(await endOf(held)).toEqual(minute(18));
  });

  it('means nothing before its start is told, nor for a booking that nobody has', async () => {
    const held = await hold();
    at(10);
    const paymentId = await payments.failed(held.id);
    await payments.started(held.id, paymentId);
    expect(await facts(held.id)).toEqual(['held']);
    await payments.failed('019abc00-0000-7000-8000-0000000000aa');
    await payments.started('019abc00-0000-7000-8000-0000000000aa');
  });
});
