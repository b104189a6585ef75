import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person } from './support/bench.ts';
import { findDisorder } from './support/find-disorder.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  const startAt = timestampFromDate(new Date('2026-11-25T07:00:00Z'));
  await bench.bookings.createBooking({ salonId: salon.id, items, startAt }, as(person('customer')));
});
afterAll(() => bench.close());

const rolledBack = new Error('rolled back');

/** What is seen of a change that no code of ours makes. */
async function seenAfter(change: string): Promise<string[]> {
  let seen: string[] = [];
  const work = bench.ctx.database.transaction(async (tx) => {
    await tx.query({ name: `test.${change}`.slice(0, 60), text: change });
    seen = await findDisorder(tx, bench.clock.now());
    throw rolledBack;
  });
  await expect(work).rejects.toBe(rolledBack);
  return [...new Set(seen.map((line) => line.split(':')[0] ?? ''))];
}

describe('findDisorder', () => {
  it('finds nothing where all is in order', async () => {
    expect(await findDisorder(bench.ctx.database, bench.clock.now())).toEqual([]);
  });

  it.each([
    ['DELETE FROM booking_items', ['a booking without items', 'time that no item takes']],
    ['DELETE FROM claims', ['a booking without its time']],
    ['UPDATE claims SET hold_expires_at = NULL', ['a booking without its time']],
    [`UPDATE claims SET during = '[2026-11-25 07:10Z,2026-11-25 08:00Z)'`, ['a booking without its time']],
    ['UPDATE claims SET subject = uuidv7()', ['a booking without its time', 'time that no item takes']],
    [`UPDATE bookings SET state = 'expired', hold_expires_at = NULL`, ['time of a booking that is over']],
    ['UPDATE bookings SET version = 2', ['a history that is not that of its booking']],
    [
      'DELETE FROM booking_changes',
      ['a history that is not that of its booking', 'a telling of what has not happened'],
    ],
    [`UPDATE booking_changes SET state = 'confirmed'`, ['a history that is not that of its booking']],
    ['DELETE FROM outbox', ['a change that was not told once']],
    ['UPDATE outbox SET aggregate_version = 2', ['a telling of what has not happened']],
    [`INSERT INTO idempotency_keys VALUES ('u', 'm', 'k', '')`, ['a key without an answer']],
  ])('sees %s', async (change, kinds) => {
    expect(await seenAfter(change)).toEqual(expect.arrayContaining(kinds));
  });
});
