import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@mawid/service-kit';
import { listBusy } from '../src/db/list-busy.ts';
import { loadCalendars } from '../src/db/load-calendar.ts';
import { type Bench, openBench, startOfTests } from './support/bench.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** How often PostgreSQL has made a plan for these values alone, by the name of the statement. */
async function countPlans(tx: Transaction): Promise<Record<string, string>> {
  const { rows } = await tx.query<{ name: string; custom: string }>({
    name: 'test.plans',
    text: 'SELECT name, custom_plans::text AS custom FROM pg_prepared_statements',
  });
  return Object.fromEntries(rows.map(({ name, custom }) => [name, custom]));
}

describe('the statements that read a calendar', () => {
  // PostgreSQL always makes the first five for the values at hand.
  it('keep their plans', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined] });
    const now = new Date(startOfTests);
    const span = { from: now.getTime(), to: now.getTime() + 86_400_000 };
    const subjects = salon.staffIds.map((id) => ({ id, span }));
    const plans = await bench.ctx.database.transaction(async (tx) => {
      for (let n = 0; n < 8; n++) {
        await listBusy(tx, { salonIds: [salon.id], subjects, now });
        await loadCalendars(tx, [salon.id]);
        await loadCalendars(tx, [salon.id], { span, now });
      }
      return countPlans(tx);
    });
    for (const name of ['claims.busy', 'calendar.load', 'calendar.load_busy']) expect(plans[name]).toBe('5');
  });
});
