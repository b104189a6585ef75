import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BookingCheckedInSchema,
  BookingCompletedSchema,
  BookingNoShowSchema,
  BookingNoShowUndoneSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { book, capture, facts, findBrokenPromises, lastFact, sql, usualStart } from './support/life.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const hour = 3_600_000;
const atStart = (hours = 0, ms = 0) => bench.clock.set(new Date(Date.parse(usualStart) + hours * hour + ms));

interface Paid {
  salon: MadeSalon;
  who: Person;
  booking: Booking;
  paymentId: string;
}

/** A paid booking of a salon that keeps a share of a customer's money who does not come. */
async function pay(feePercent = 40): Promise<Paid> {
  const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
  await sql(bench, 'UPDATE salons SET no_show_fee_percent = $2 WHERE id = $1', salon.id, feePercent);
  const who = person('customer');
  const booking = await book(bench, salon, { who });
  return { salon, who, booking, paymentId: await capture(bench, booking.id) };
}

const { checkIn, complete, mark, undo } = {
  checkIn: ({ booking: { id: bookingId } }: Paid, who: Person) => bench.bookings.checkInBooking({ bookingId }, as(who)),
  complete: ({ booking: { id: bookingId } }: Paid, who: Person) =>
    bench.bookings.completeBooking({ bookingId }, as(who)),
  mark: ({ booking: { id: bookingId } }: Paid, who: Person) => bench.bookings.markNoShow({ bookingId }, as(who)),
  undo: ({ booking: { id: bookingId } }: Paid, who: Person) => bench.bookings.undoNoShow({ bookingId }, as(who)),
};

describe('CheckInBooking and CompleteBooking', () => {
  it('note who is there from two hours before the start, and what was done from the start on', async () => {
    const paid = await pay();
    const { manager } = paid.salon;
    atStart(-2, -1);
    expect(await refusalOf(checkIn(paid, manager))).toBe('TOO_EARLY');
    atStart(-2);
    const there = await checkIn(paid, manager);
    expect(there.state).toBe(BookingState.CHECKED_IN);
    expect(there.checkedInAt && timestampDate(there.checkedInAt)).toEqual(bench.clock.now());
    expect((await lastFact(bench, there.id, BookingCheckedInSchema)).booking).toEqual(there);
    expect(await refusalOf(complete(paid, manager))).toBe('TOO_EARLY');
    expect(await refusalOf(bench.bookings.cancelBooking({ bookingId: there.id }, as(paid.who)))).toBe(
      'BOOKING_NOT_CANCELLABLE',
    );
    atStart();
    const done = await complete(paid, manager);
    expect(done.state).toBe(BookingState.COMPLETED);
    expect(await lastFact(bench, done.id, BookingCompletedSchema)).toMatchObject({
      ...{ booking: done, version: 4n },
      paymentId: paid.paymentId,
    });
    expect(await refusalOf(complete(paid, manager))).toBe('BOOKING_STATE_CONFLICT');
    expect(await refusalOf(mark(paid, manager))).toBe('BOOKING_STATE_CONFLICT');
  });

  it('are for the salon and for who has it in their calendar', async () => {
    const paid = await pay();
    atStart();
    for (const move of [checkIn, complete]) {
      expect(await refusalOf(move(paid, paid.who))).toBe('PERMISSION_DENIED');
      for (const stranger of [person('customer'), person('staff'), person('manager')]) {
        expect(await refusalOf(move(paid, stranger))).toBe('NOT_FOUND');
      }
    }
    await checkIn(paid, paid.salon.staff[0] as Person);
    await complete(paid, person('admin'));
    expect(await facts(bench, paid.booking.id)).toEqual(['held', 'confirmed', 'checked_in', 'completed']);
  });
});

describe('MarkNoShow', () => {
  it('keeps the share of the policy as it was, and tells until when it can be taken back', async () => {
    const paid = await pay(40);
    await sql(bench, 'UPDATE salons SET no_show_fee_percent = 100 WHERE id = $1', paid.salon.id);
    atStart(0, -1);
    expect(await refusalOf(mark(paid, paid.salon.manager))).toBe('TOO_EARLY');
    atStart();
    const marked = await mark(paid, paid.salon.manager);
    expect(marked).toMatchObject({
      state: BookingState.NO_SHOW,
      noShow: { fee: { amount: 4_000n }, refund: { amount: 6_000n, currency: 'SAR' } },
    });
    const undoUntil = marked.noShow?.undoUntil;
    expect(undoUntil && timestampDate(undoUntil)).toEqual(new Date(bench.clock.now().getTime() + 24 * hour));
    expect(await lastFact(bench, marked.id, BookingNoShowSchema)).toMatchObject({
      ...{ booking: marked, version: 3n, undoUntil },
      ...{ paymentId: paid.paymentId, refundDue: { amount: 6_000n } },
    });
  });

  it("is the salon's right, and so is taking it back", async () => {
    const paid = await pay();
    atStart();
    for (const who of [paid.who, paid.salon.staff[0] as Person]) {
      expect(await refusalOf(mark(paid, who))).toBe('PERMISSION_DENIED');
    }
    expect(await refusalOf(mark(paid, person('manager')))).toBe('NOT_FOUND');
    await mark(paid, person('admin'));
    for (const who of [paid.who, paid.salon.staff[0] as Person]) {
      expect(await refusalOf(undo(paid, who))).toBe('PERMISSION_DENIED');
    }
    expect(await refusalOf(undo(paid, person('staff')))).toBe('NOT_FOUND');
  });
});

describe('UndoNoShow', () => {
  it('makes the booking stand again until its time is over', async () => {
    const paid = await pay();
    atStart();
    await mark(paid, paid.salon.manager);
    atStart(24, -1);
    const undone = await undo(paid, paid.salon.manager);
    expect(undone.state).toBe(BookingState.CONFIRMED);
    expect(undone.noShow).toBeUndefined();
    expect((await lastFact(bench, undone.id, BookingNoShowUndoneSchema)).booking).toEqual(undone);
    expect(await refusalOf(undo(paid, paid.salon.manager))).toBe('BOOKING_STATE_CONFLICT');
    await mark(paid, paid.salon.manager);
    atStart(48, -1);
    expect(await refusalOf(undo(paid, paid.salon.manager))).toBe('UNDO_TOO_LATE');
    expect(await facts(bench, undone.id)).toEqual(['held', 'confirmed', 'no_show', 'no_show_undone', 'no_show']);
    expect(await findBrokenPromises(bench)).toEqual([]);
  });

  it('happens once of many at one time', async () => {
    const paid = await pay();
    atStart();
    await mark(paid, paid.salon.manager);
    const all = Array.from({ length: 6 }, () => refusalOf(undo(paid, paid.salon.manager)));
    expect((await Promise.all(all)).sort()).toEqual([...Array(5).fill('BOOKING_STATE_CONFLICT'), 'none']);
  });
});
