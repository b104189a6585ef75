import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@mawid/service-kit/testing';
import { as, type Bench, openBench, refusalOf, startOfTests } from './support/bench.ts';
import { createBooker } from './support/booker.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

async function countWaiting(): Promise<number> {
  const { rows } = await bench.ctx.database.query<{ count: bigint }>({
    name: 'test.count_waiting',
    text: `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  });
  return Number(rows[0]?.count);
}

describe('a change of the catalogue', () => {
  it.each([
    ['hours', (id: string, headers: object) => bench.availability.setSalonHours({ salonId: id, weekly: [] }, headers)],
    ['state', (id: string, headers: object) => bench.catalog.unpublishSalon({ salonId: id }, headers)],
  ])('of %s waits for the bookings that are being written, and not for those that come after it', async (_, change) => {
    const salon = await makeSalon(bench);
    await book(salon, { startAt: '2026-11-24T07:00:00Z' });
    const calls = await bench.ctx.database.transaction(async (tx) => {
      const text = 'SELECT pg_advisory_xact_lock_shared(calendar_key($1))';
      await tx.query({ name: 'test.write', text, values: [salon.id] });
      const changed = refusalOf(change(salon.id, as(salon.manager)));
      await waitFor('the change to wait', async () => (await countWaiting()) === 1);
      const booked = refusalOf(book(salon));
      await waitFor('the booking to wait for the change', async () => (await countWaiting()) === 2);
      return [changed, booked];
    });
    const [changed, booked] = await Promise.all(calls);
    expect(changed).toBe('none');
    expect(['OUTSIDE_WORKING_HOURS', 'SALON_NOT_BOOKABLE', 'NOT_FOUND']).toContain(booked);
  });
});
