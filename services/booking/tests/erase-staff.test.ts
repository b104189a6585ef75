import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingSource } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { onUserErased } from '../src/events/on-user-erased.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const hourMs = 3_600_000;

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

async function run<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await bench.ctx.database.pool.query(text, values)).rows as R[];
}

async function erase({ userId }: Person): Promise<void> {
  const message = create(UserErasedSchema, { userId, version: 9n });
  const envelope = { id: uuidv7(), subject: '', time: new Date(), aggregateId: userId, aggregateVersion: 9 };
  const event = { ...envelope, message, deliveryCount: 1 };
  await bench.ctx.database.transaction((tx) => onUserErased(bench.ctx)(tx, event));
}

/** So many hours after the start of the tests. */
const hour = (count: number) => Date.parse(startOfTests) + count * hourMs;

function block(who: Person, { staff = 0, at = 24 }: { staff?: number; at?: number } = {}) {
  const span = { startAt: timestampFromMs(hour(at)), endAt: timestampFromMs(hour(at + 1)) };
  const wish = { staffId: salon.staffIds[staff] ?? '', reason: 'Dialysis at King Faisal Hospital', ...span };
  return bench.availability.createTimeOff(wish, as(who));
}

/** What is written about the time off of a staff member. */
async function reasonsOf(staff: number): Promise<string[]> {
  const { timeOff } = await bench.availability.listTimeOff({ staffId: salon.staffIds[staff] ?? '' }, as(salon.manager));
  return timeOff.map(({ reason }) => reason);
}

const isWaiting = async () =>
  (
    await run(`SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()`)
  ).length > 0;

async function countDeadlocks(): Promise<number> {
  const [row] = await run<{ deadlocks: bigint }>(
    'SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}

describe('a staff member who is erased', () => {
  let gone: Person;
  beforeAll(async () => {
    salon = await makeSalon(bench, { staff: [undefined, undefined], opens: '00:00', closes: '24:00' });
    gone = salon.staff[0] as Person;
  });

  it('takes along why they were away, whoever wrote it, and leaves the time blocked', async () => {
    const staffId = salon.staffIds[0] ?? '';
    await block(gone);
    await block(salon.manager, { at: 25 });
    await block(salon.manager, { staff: 1 });
    const overrides = [{ date: '2026-12-01', spans: [], note: 'At the hospital' }];
    const { etag } = await bench.availability.setStaffAvailability({ staffId, overrides }, as(salon.manager));
    await erase(gone);
    expect(await reasonsOf(0)).toEqual(['', '']);
    expect(await reasonsOf(1)).toEqual(['Dialysis at King Faisal Hospital']);
    const hours = await bench.availability.getStaffAvailability({ staffId }, as(salon.manager));
    expect(hours.overrides).toMatchObject([{ date: '2026-12-01', spans: [], note: '' }]);
    // Who read the hours before does not write the note back unseen.
    expect(hours.etag).not.toBe(etag);
  });

  it('leaves no words behind by a call that was under way', async () => {
    const late = salon.staff[1] as Person;
    const rival = await bench.ctx.database.pool.connect();
    try {
      await rival.query('BEGIN');
      await rival.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [late.userId]);
      const blocking = refusalOf(block(late, { staff: 1, at: 48 }));
      await waitFor('the block to wait for the erasure', isWaiting);
      await rival.query('INSERT INTO erased_customers (user_id, erased_at) VALUES ($1, now())', [late.userId]);
      await rival.query('COMMIT');
      expect(await blocking).toBe('none');
    } finally {
      rival.release();
    }
    expect((await reasonsOf(1)).at(-1)).toBe('');
  });
});

describe('a salon that books for a customer', () => {
  it('waits for the customer before it takes any time, so that nobody waits in a circle', async () => {
    salon = await makeSalon(bench, { opens: '00:00', closes: '24:00' });
    const { userId } = person('customer');
    const [serviceId = ''] = salon.serviceIds;
    const [staffId = ''] = salon.staffIds;
    const start = hour(72);
    const wish = { salonId: salon.id, items: [{ serviceId }], startAt: timestampFromMs(start) };
    const before = await countDeadlocks();
    const rival = await bench.ctx.database.pool.connect();
    try {
      await rival.query('BEGIN');
      // As the customer does who books for themselves at that moment.
      await rival.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [userId]);
      const entry = { ...wish, source: BookingSource.SALON, customerId: userId, customerNote: 'By telephone' };
      const entered = refusalOf(bench.bookings.createBooking(entry, as(salon.manager)));
      await waitFor('the salon to wait for the customer', isWaiting);
      await rival.query('SELECT claim_time($1, ARRAY[$2::uuid], ARRAY[tstzrange($3, $4)], NULL, $5)', [
        ...[uuidv7(), staffId, new Date(start), new Date(start + hourMs), bench.clock.now()],
      ]);
      await rival.query('ROLLBACK');
      expect(await entered).toBe('none');
    } finally {
      rival.release();
    }
    expect(await countDeadlocks()).toBe(before);
  }, 30_000);
});
