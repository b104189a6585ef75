import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { Gender, PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { createBooker, findFlaws, noFlaws, ten } from './support/booker.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const four = [undefined, undefined, undefined, undefined];
const staffOf = ({ items }: Booking) => items[0]?.staffId ?? '';
/** Twelve different times of one day, which overlap only for their neighbours. */
const times = Array.from({ length: 12 }, (_, index) => new Date(Date.parse(ten) + index * 30 * 60_000).toISOString());

function countEach(bookings: readonly Booking[]): number[] {
  const counts = new Map<string, number>();
  for (const booking of bookings) counts.set(staffOf(booking), (counts.get(staffOf(booking)) ?? 0) + 1);
  return [...counts.values()].sort();
}

describe('any staff', () => {
  it('goes round: twelve bookings of a day are three for each of four', async () => {
    const salon = await makeSalon(bench, { staff: four, services: [{ minutes: 30 }] });
    const bookings: Booking[] = [];
    for (const startAt of times) bookings.push(await book(salon, { startAt }));
    expect(countEach(bookings)).toEqual([3, 3, 3, 3]);
  });

  it('leaves nobody out where twelve are booked at once, four of each time', async () => {
    const salon = await makeSalon(bench, { staff: four, services: [{ minutes: 30 }] });
    const wishes = times.slice(0, 3).flatMap((startAt) => four.map(() => startAt));
    const bookings = await Promise.all(wishes.map((startAt) => book(salon, { startAt })));
    expect(countEach(bookings)).toEqual([3, 3, 3, 3]);
  });

  it('takes the next one on conflict: as many bookings of one time as there are staff, and no more', async () => {
    const salon = await makeSalon(bench, { staff: [...four, ...four] });
    for (const startAt of ['2026-11-24T07:00:00Z', '2026-11-24T08:00:00Z', '2026-11-24T09:00:00Z']) {
      const bookings = await Promise.all(salon.staffIds.map(() => book(salon, { startAt })));
      expect(new Set(bookings.map(staffOf)).size).toBe(8);
      expect(await refusalOf(book(salon, { startAt }))).toBe('SLOT_TAKEN');
    }
    expect(await findFlaws(bench)).toEqual(noFlaws);
  });

  it('counts the bookings of the local day, not those of other days, nor cancelled and lapsed ones', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined], paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const [first = '', second = ''] = salon.staffIds;
    const serviceId = salon.serviceIds[0] ?? '';
    const of = (staffId: string, startAt: string) => book(salon, { items: [{ serviceId, staffId }], startAt });
    // Two for the first: one is on the day before, one lapses. One for the second, which stands.
    await of(first, '2026-11-24T07:00:00Z');
    bench.clock.advance(-9 * 60_000);
    await of(first, '2026-11-25T07:00:00Z');
    bench.clock.advance(9 * 60_000);
    await of(second, '2026-11-25T08:00:00Z');
    bench.clock.advance(2 * 60_000);
    expect(staffOf(await book(salon, { startAt: '2026-11-25T12:00:00Z' }))).toBe(first);
    const who = person('customer');
    const items = [{ serviceId, staffId: first }];
    const cancelled = await book(salon, { items, startAt: '2026-11-26T07:00:00Z' }, who);
    await bench.bookings.cancelBooking({ bookingId: cancelled.id }, as(who));
    await of(second, '2026-11-26T07:00:00Z');
    expect(staffOf(await book(salon, { startAt: '2026-11-26T12:00:00Z' }))).toBe(first);
  });

  it('keeps the customer with one person where that is as fair', async () => {
    const salon = await makeSalon(bench, { staff: four, services: [{ minutes: 30 }, { minutes: 30 }] });
    const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
    const last = { serviceId: items[0]?.serviceId ?? '', staffId: salon.staffIds[3] ?? '' };
    const booking = await book(salon, { items: [last, ...items] });
    expect(new Set(booking.items.map(({ staffId }) => staffId))).toEqual(new Set([last.staffId]));
  });

  it('is of the gender that is asked for, and that the service asks for', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined, undefined] });
    const [, second = '', third = ''] = salon.staffIds;
    const serviceId = salon.serviceIds[0] ?? '';
    const { prisma } = bench.ctx;
    await prisma.staffMember.update({ where: { id: second }, data: { gender: 'female' } });
    await prisma.staffMember.update({ where: { id: third }, data: { gender: 'male' } });
    expect(staffOf(await book(salon, { items: [{ serviceId, staffGender: Gender.MALE }] }))).toBe(third);
    expect(await refusalOf(book(salon, { items: [{ serviceId, staffGender: Gender.MALE }] }))).toBe('SLOT_TAKEN');
    await prisma.service.update({ where: { id: serviceId }, data: { staffGender: 'female' } });
    expect(staffOf(await book(salon))).toBe(second);
    const wrong = { items: [{ serviceId, staffGender: Gender.MALE }], startAt: '2026-11-24T07:00:00Z' };
    expect(await refusalOf(book(salon, wrong))).toBe('STAFF_NOT_AVAILABLE');
  });
});
