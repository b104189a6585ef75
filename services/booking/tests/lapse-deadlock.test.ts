import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import { as, type Bench, openBench, person } from './support/bench.ts';
import { book, facts } from './support/life.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

it('ends what has lapsed, once, when PostgreSQL has the first attempt give way', async () => {
  const who = person('customer');
  const { id } = await book(bench, await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE }), { who });
  bench.clock.advance(11 * 60_000);
  let attempts = 0;
  const { database } = bench.ctx;
  const transaction: typeof database.transaction = (work, options) =>
    database.transaction(async (tx) => {
      const done = await work(tx);
      attempts += 1;
      if (attempts === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return done;
    }, options);
  await expireHolds({ ...bench.ctx, database: { ...database, transaction } }, new AbortController().signal);
  expect((await bench.bookings.getBooking({ bookingId: id }, as(who))).state).toBe(BookingState.EXPIRED);
  expect(await facts(bench, id)).toEqual(['held', 'expired']);
  expect(attempts).toBe(2);
});
