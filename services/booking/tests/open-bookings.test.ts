import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { countRows, createBooker } from './support/booker.ts';
import { makeSalon, type SalonPlan } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const day = (index: number) => new Date(Date.parse('2026-11-23T07:00:00Z') + index * 24 * 3_600_000).toISOString();

async function makeLimited(maxOpenBookings: number, plan: SalonPlan = {}) {
  const salon = await makeSalon(bench, plan);
  await bench.ctx.prisma.salon.update({ where: { id: salon.id }, data: { maxOpenBookings } });
  return salon;
}

describe('the limit of open bookings', () => {
  it('holds where twenty are made at once', async () => {
    const salon = await makeLimited(3);
    const who = person('customer');
    const calls = Array.from({ length: 20 }, (_, index) => refusalOf(book(salon, { startAt: day(index) }, who)));
    const answers = await Promise.all(calls);
    expect(answers.filter((answer) => answer === 'none')).toHaveLength(3);
    expect(answers.filter((answer) => answer === 'TOO_MANY_OPEN_BOOKINGS')).toHaveLength(17);
  });

  it('is a customer’s in one salon, and writes nothing', async () => {
    const [salon, other] = [await makeLimited(1), await makeLimited(1)];
    const who = person('customer');
    await book(salon, {}, who);
    const before = await countRows(bench);
    expect(await refusalOf(book(salon, { startAt: day(1) }, who, { 'idempotency-key': uuidv7() }))).toBe(
      'TOO_MANY_OPEN_BOOKINGS',
    );
    expect(await countRows(bench)).toEqual(before);
    expect(await refusalOf(book(other, {}, who))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: day(1) }))).toBe('none');
  });

  it('does not count what is over, cancelled, or a hold that has lapsed', async () => {
    const salon = await makeLimited(1, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const who = person('customer');
    const first = await book(salon, {}, who);
    expect(await refusalOf(book(salon, { startAt: day(1) }, who))).toBe('TOO_MANY_OPEN_BOOKINGS');
    await bench.bookings.cancelBooking({ bookingId: first.id }, as(who));
    await book(salon, { startAt: day(1) }, who);
    bench.clock.advance(10 * 60_000);
    await book(salon, { startAt: day(2) }, who);
    const paid = await makeLimited(1);
    await book(paid, {}, who);
    expect(await refusalOf(book(paid, { startAt: day(5) }, who))).toBe('TOO_MANY_OPEN_BOOKINGS');
    bench.clock.set(day(1));
    expect(await refusalOf(book(paid, { startAt: day(5) }, who))).toBe('none');
  });

  it('lets a retry pass that comes once it is reached', async () => {
    const salon = await makeLimited(1);
    const who = person('customer');
    const bookingId = uuidv7();
    const key = { 'idempotency-key': uuidv7() };
    const booking = await book(salon, { bookingId }, who, key);
    expect(await book(salon, { bookingId }, who)).toEqual(booking);
    expect(await book(salon, { bookingId }, who, key)).toEqual(booking);
  });

  it('is not the salon’s own', async () => {
    const salon = await makeLimited(1);
    const who = person('customer');
    await book(salon, {}, who);
    const entry = { source: 2, customerId: who.userId, startAt: day(1) };
    expect(await refusalOf(book(salon, entry, salon.manager))).toBe('none');
  });
});
