import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingRescheduledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import {
  addResources,
  at,
  book,
  capture,
  facts,
  findBrokenPromises,
  lastFact,
  sql,
  usualStart,
  wantApproval,
} from './support/life.ts';
import { type MadeSalon, makeSalon, type SalonPlan } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
const later = (minutes: number) => new Date(Date.parse(usualStart) + minutes * minute);
const startOf = ({ startAt }: Booking) => startAt && timestampDate(startAt);
const endOf = ({ endAt }: Booking) => endAt && timestampDate(endAt);

interface Booked {
  salon: MadeSalon;
  who: Person;
  booking: Booking;
}

async function make(plan: SalonPlan = {}): Promise<Booked> {
  const salon = await makeSalon(bench, plan);
  const who = person('customer');
  return { salon, who, booking: await book(bench, salon, { who }) };
}

interface Wish {
  who?: Person;
  to?: Date | string;
  staffIds?: string[];
  reason?: string;
  override?: boolean;
  headers?: Record<string, string>;
}

function move({ booking, who }: Pick<Booked, 'booking' | 'who'>, wish: Wish): Promise<Booking> {
  const { to = usualStart, staffIds = [], reason = '', override = false } = wish;
  const request = { bookingId: booking.id, startAt: at(to), staffIds, reason, override };
  return bench.bookings.rescheduleBooking(request, as(wish.who ?? who, wish.headers));
}

const read = ({ booking, who }: Booked) => bench.bookings.getBooking({ bookingId: booking.id }, as(who));
const staffOf = ({ items }: Booking) => items.map(({ staffId }) => staffId);

describe('RescheduleBooking', () => {
  afterEach(async () => expect(await findBrokenPromises(bench)).toEqual([]));

  it('moves a booking, gives the old time back and keeps the new one', async () => {
    const booked = await make({ services: [{ minutes: 60, price: 5_000n }] });
    await sql(
      bench,
      'UPDATE services SET price_amount = 9_000, duration_minutes = 90, buffer_after_minutes = 15 WHERE salon_id = $1',
      booked.salon.id,
    );
    const moved = await move(booked, { to: later(120), reason: 'traffic' });
    expect([startOf(moved), endOf(moved)]).toEqual([later(120), later(210)]);
    expect(moved).toMatchObject({ state: BookingState.CONFIRMED, rescheduleCount: 1, total: { amount: 5_000n } });
    expect(moved.items[0]).toMatchObject({ startAt: moved.startAt, endAt: moved.endAt, price: { amount: 5_000n } });
    expect(await read(booked)).toEqual(moved);
    expect(await lastFact(bench, moved.id, BookingRescheduledSchema)).toMatchObject({
      ...{ booking: moved, version: 2n, rescheduledBy: 'customer' },
      ...{ previousStartAt: booked.booking.startAt, previousEndAt: booked.booking.endAt },
      previousStaffIds: booked.salon.staffIds,
    });
    const { changes } = await bench.bookings.listBookingChanges({ bookingId: moved.id }, as(booked.salon.manager));
    expect(changes.at(-1)).toMatchObject({
      move: 'reschedule',
      actor: 'customer',
      reason: 'traffic',
      overridden: false,
    });
    expect(await refusalOf(book(bench, booked.salon, { start: later(30) }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(bench, booked.salon, { start: later(15) }))).toBe('none');
  });

  it('moves onto a time that overlaps its own', async () => {
    const booked = await make();
    expect(startOf(await move(booked, { to: later(30) }))).toEqual(later(30));
    expect(startOf(await move(booked, { to: later(15) }))).toEqual(later(15));
    expect(startOf(await move(booked, { to: later(15) }))).toEqual(later(15));
  });

  it.each([
    ['is taken', later(60), 'SLOT_TAKEN'],
    ['is taken by a minute', later(15), 'SLOT_TAKEN'],
    ['is outside of the hours', later(-60), 'OUTSIDE_WORKING_HOURS'],
    ['is off the grid', later(61), 'START_OFF_GRID'],
    ['is past', new Date('2026-11-22T08:00:00Z'), 'TOO_SHORT_NOTICE'],
    ['is too far ahead', new Date('2028-11-22T08:00:00Z'), 'TOO_FAR_AHEAD'],
  ])('keeps the old time when the new one %s', async (_, to, refusal) => {
    const booked = await make();
    await book(bench, booked.salon, { start: later(60) });
    for (const who of [booked.who, booked.salon.manager]) {
      expect(await refusalOf(move(booked, { to, who, headers: { 'idempotency-key': uuidv7() } }))).toBe(refusal);
    }
    expect(await read(booked)).toEqual(booked.booking);
    expect(await facts(bench, booked.booking.id)).toEqual(['confirmed']);
    expect(await refusalOf(book(bench, booked.salon))).toBe('SLOT_TAKEN');
  });

  it('keeps who does it, or gives it to who is free where the customer left that open', async () => {
    const { salon, who, booking } = await make({ staff: [undefined, undefined] });
    const [first = '', second = ''] =
      booking.items[0]?.staffId === salon.staffIds[0] ? salon.staffIds : salon.staffIds.toReversed();
    await book(bench, salon, { start: later(120), staffIds: [first] });
    const moved = await move({ booking, who }, { to: later(120) });
    expect(staffOf(moved)).toEqual([second]);
    expect(await lastFact(bench, moved.id, BookingRescheduledSchema)).toMatchObject({ previousStaffIds: [first] });
    expect(staffOf(await move({ booking, who }, { to: later(240) }))).toEqual([second]);

    const chosen = await book(bench, salon, { who, start: later(0), staffIds: [first] });
    expect(await refusalOf(move({ booking: chosen, who }, { to: later(120) }))).toBe('SLOT_TAKEN');
    expect(staffOf(await move({ booking: chosen, who }, { to: later(180), staffIds: [second] }))).toEqual([second]);
    expect(await refusalOf(move({ booking: chosen, who }, { to: later(240) }))).toBe('SLOT_TAKEN');
    expect(staffOf(await move({ booking: chosen, who }, { to: later(240), staffIds: [''] }))).toEqual([first]);
    expect(await refusalOf(move({ booking: chosen, who }, { to: later(0), staffIds: [first, second] }))).toBe(
      'VALIDATION_FAILED',
    );
    expect(await refusalOf(move({ booking: chosen, who }, { to: later(0), staffIds: [uuidv7()] }))).toBe(
      'STAFF_NOT_AVAILABLE',
    );
  });

  it('does not give a customer who has left it open somebody of the other gender', async () => {
    const { salon, who, booking } = await make({ staff: [undefined, undefined] });
    const staffId = booking.items[0]?.staffId ?? '';
    await sql(
      bench,
      `UPDATE staff_members SET gender = CASE WHEN id = $2 THEN 'female' ELSE 'male' END WHERE salon_id = $1`,
      salon.id,
      staffId,
    );
    await book(bench, salon, { start: later(120), staffIds: [staffId] });
    expect(await refusalOf(move({ booking, who }, { to: later(120) }))).toBe('SLOT_TAKEN');
    await sql(bench, 'UPDATE staff_members SET active = false WHERE id = $1', staffId);
    expect(await refusalOf(move({ booking, who }, { to: later(120) }))).toBe('STAFF_NOT_AVAILABLE');
    expect(staffOf(await move({ booking, who }, { to: later(120), staffIds: [''] }))).not.toContain(staffId);
  });

  it('follows the name of who does it, and keeps that of what is done', async () => {
    const booked = await make();
    await sql(bench, `UPDATE staff_members SET name_en = 'Sarah' WHERE salon_id = $1`, booked.salon.id);
    await sql(bench, `UPDATE services SET name_en = 'Trim' WHERE salon_id = $1`, booked.salon.id);
    const moved = await move(booked, { to: later(60) });
    expect(moved.items[0]).toMatchObject({ staffName: { en: 'Sarah' }, serviceName: { en: 'Haircut' } });
  });

  it('moves services that are not offered any more, by who has them, also of a salon that takes no bookings', async () => {
    const booked = await make();
    await sql(bench, 'UPDATE services SET active = false, deleted_at = now() WHERE salon_id = $1', booked.salon.id);
    await sql(bench, 'DELETE FROM staff_services WHERE staff_id = $1', booked.salon.staffIds[0]);
    expect(startOf(await move(booked, { to: later(60) }))).toEqual(later(60));
    await sql(bench, `UPDATE salons SET state = 'draft' WHERE id = $1`, booked.salon.id);
    expect(await refusalOf(move(booked, { to: later(120) }))).toBe('SALON_NOT_BOOKABLE');
    const { manager } = booked.salon;
    expect(startOf(await move(booked, { who: manager, to: later(120) }))).toEqual(later(120));
    await sql(bench, 'UPDATE staff_members SET active = false WHERE salon_id = $1', booked.salon.id);
    expect(await refusalOf(move(booked, { who: manager, to: later(180) }))).toBe('STAFF_NOT_AVAILABLE');
  });

  it('takes other rooms where its own is not free', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined] });
    const rooms = await addResources(bench, salon, 0, 2);
    const [sara = '', huda = ''] = salon.staffIds;
    const who = person('customer');
    const booking = await book(bench, salon, { who, staffIds: [sara] });
    const own = booking.items[0]?.resourceIds ?? [];
    expect(own).toHaveLength(1);
    expect((await move({ booking, who }, { to: later(60) })).items[0]?.resourceIds).toEqual(own);
    const other = await book(bench, salon, { start: later(180), staffIds: [huda] });
    await sql(
      bench,
      'UPDATE resources SET active = id = ANY($2::uuid[]) WHERE salon_id = $1',
      salon.id,
      other.items[0]?.resourceIds,
    );
    expect(await refusalOf(move({ booking, who }, { to: later(180) }))).toBe('RESOURCE_BUSY');
    await sql(bench, 'UPDATE resources SET active = true WHERE salon_id = $1', salon.id);
    const [free] = rooms.filter((id) => !other.items[0]?.resourceIds.includes(id));
    expect((await move({ booking, who }, { to: later(180) })).items[0]?.resourceIds).toEqual([free]);
  });

  it('keeps the deadlines of what waits for its payment or its salon', async () => {
    const held = await make({ paymentPolicy: PaymentPolicy.IN_ADVANCE });
    bench.clock.advance(5 * minute);
    const moved = await move(held, { to: later(60) });
    expect(moved).toMatchObject({ state: BookingState.HELD, holdExpiresAt: held.booking.holdExpiresAt });
    await capture(bench, moved.id);
    expect(await read(held)).toMatchObject({ state: BookingState.CONFIRMED, startAt: moved.startAt });
    const salon = await makeSalon(bench);
    await wantApproval(bench, salon, 3 * 24 * 60);
    const who = person('customer');
    const booking = await book(bench, salon, { who });
    const sooner = later(-24 * 60 + 120);
    const waiting = await move({ booking, who }, { who: salon.manager, to: sooner });
    expect(waiting).toMatchObject({ state: BookingState.PENDING_APPROVAL, approvalExpiresAt: at(sooner) });
  });

  it('refuses a hold that has lapsed, and what is over', async () => {
    const held = await make({ paymentPolicy: PaymentPolicy.IN_ADVANCE });
    bench.clock.advance(10 * minute);
    expect(await refusalOf(move(held, { to: later(60) }))).toBe('BOOKING_NOT_RESCHEDULABLE');
    const booked = await make();
    await bench.bookings.cancelBooking({ bookingId: booked.booking.id }, as(booked.who));
    expect(await refusalOf(move(booked, { to: later(60) }))).toBe('BOOKING_NOT_RESCHEDULABLE');
  });

  it('lets customers move as long as cancelling is free, and the salon until the start', async () => {
    const booked = await make({ cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50 } });
    bench.clock.set(later(-24 * 60));
    const moved = await move(booked, { to: later(15) });
    expect(startOf(moved)).toEqual(later(15));
    bench.clock.set(new Date(later(-24 * 60 + 15).getTime() + 1));
    expect(await refusalOf(move(booked, { to: later(300) }))).toBe('RESCHEDULE_TOO_LATE');
    bench.clock.set(later(14));
    expect(startOf(await move(booked, { who: booked.salon.manager, to: later(30) }))).toEqual(later(30));
    bench.clock.set(later(30));
    expect(await refusalOf(move(booked, { who: person('admin'), to: later(120) }))).toBe('BOOKING_NOT_RESCHEDULABLE');
  });

  it('is for the customer and the salon; staff may only look', async () => {
    const booked = await make();
    const { staff } = booked.salon;
    expect(await refusalOf(move(booked, { who: staff[0] as Person, to: later(60) }))).toBe('PERMISSION_DENIED');
    for (const who of [person('customer'), person('manager'), person('staff')]) {
      expect(await refusalOf(move(booked, { who, to: later(60) }))).toBe('NOT_FOUND');
    }
    expect(await refusalOf(move(booked, { to: later(60), override: true, reason: 'please' }))).toBe(
      'PERMISSION_DENIED',
    );
    const { manager } = booked.salon;
    const own = { who: manager, booking: await book(bench, booked.salon, { who: manager, start: later(120) }) };
    expect(startOf(await move(own, { to: later(-121), override: true, reason: 'as her manager' }))).toEqual(
      later(-121),
    );
  });

  it("sets the salon's rules aside where its manager says why, and overlaps nothing all the same", async () => {
    const booked = await make();
    const who = booked.salon.manager;
    expect(await refusalOf(move(booked, { who, to: later(-121), override: true, reason: ' ' }))).toBe(
      'VALIDATION_FAILED',
    );
    const moved = await move(booked, { who, to: later(-121), override: true, reason: 'her flight' });
    expect(startOf(moved)).toEqual(later(-121));
    expect(moved.overridden).toBe(true);
    const { changes } = await bench.bookings.listBookingChanges({ bookingId: moved.id }, as(who));
    expect(changes.at(-1)).toMatchObject({ reason: 'her flight', overridden: true, actor: 'manager' });
    await book(bench, booked.salon);
    const onto = { who, to: later(59), override: true, reason: 'squeeze' };
    expect(await refusalOf(move(booked, onto))).toBe('SLOT_TAKEN');
    expect((await move(booked, { who, to: later(60) })).overridden).toBe(false);
  });

  it('honours If-Match and Idempotency-Key', async () => {
    const booked = await make();
    expect(await refusalOf(move(booked, { to: later(60), headers: { 'if-match': '"v9"' } }))).toBe('STALE_ETAG');
    const headers = { 'if-match': `"${booked.booking.etag}"`, 'idempotency-key': uuidv7() };
    const moved = await move(booked, { to: later(60), headers });
    expect(await move(booked, { to: later(60), headers })).toEqual(moved);
    expect(await refusalOf(move(booked, { to: later(75), headers }))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await facts(bench, moved.id)).toEqual(['confirmed', 'rescheduled']);
  });

  it('releases lapsed holds that are in the way', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const who = person('customer');
    const booking = await book(bench, salon, { who });
    await capture(bench, booking.id);
    await book(bench, salon, { start: later(60) });
    expect(await refusalOf(move({ booking, who }, { to: later(30) }))).toBe('SLOT_TAKEN');
    bench.clock.advance(11 * minute);
    expect(startOf(await move({ booking, who }, { to: later(30) }))).toEqual(later(30));
  });
});
