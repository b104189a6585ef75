import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { insertBooking, type NewBooking } from '../src/db/insert-booking.ts';
import { loadCalendar } from '../src/db/load-calendar.ts';
import { toClaims } from '../src/domain/choose-staff.ts';
import { planBooking } from '../src/domain/plan-booking.ts';
import { toBookingEvent } from '../src/messages/to-booking-event.ts';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const clients = 16;
const rounds = 120;
const storms = 3;

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  salon = await makeSalon(bench, { opens: '00:00', closes: '24:00', services: [{ minutes: 30 }] });
});
afterAll(() => bench.close());

async function countDeadlocks(): Promise<bigint> {
  const { rows } = await bench.ctx.database.query<{ deadlocks: bigint }>({
    name: 'test.deadlocks',
    text: `SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()`,
  });
  return rows[0]?.deadlocks ?? -1n;
}

interface Storm {
  times: number[];
  winners: number[];
}

/** All clients want one time, round after round another one. */
async function runStorm(firstSlot: number): Promise<Storm> {
  const storm: Storm = { times: [], winners: [] };
  for (let round = 0; round < rounds; round++) {
    const startAt = timestampFromMs(Date.parse(startOfTests) + (firstSlot + round) * 30 * 60_000);
    const answers = await Promise.all(Array.from({ length: clients }, () => attempt(startAt, storm.times)));
    expect(new Set(answers)).toEqual(new Set(['none', 'SLOT_TAKEN']));
    storm.winners.push(answers.filter((answer) => answer === 'none').length);
  }
  return storm;
}

async function attempt(startAt: Timestamp, times: number[]): Promise<string> {
  const started = performance.now();
  const items = [{ serviceId: salon.serviceIds[0] ?? '' }];
  const call = bench.bookings.createBooking({ salonId: salon.id, items, startAt }, as(person('customer')));
  const answer = await refusalOf(call);
  times.push(performance.now() - started);
  return answer;
}

function toPercentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Bookings of one time, ready to be written: nothing but the database stands between the clients. */
async function planRound(slot: number): Promise<NewBooking[]> {
  const now = bench.clock.now();
  const startAt = Date.parse(startOfTests) + slot * 30 * 60_000;
  const wanted = [{ serviceId: salon.serviceIds[0] ?? '' }];
  const span = { from: startAt, to: startAt + 1 };
  const calendar = await loadCalendar(bench.ctx.database, {
    salonId: salon.id,
    serviceIds: salon.serviceIds,
    span,
    now,
  });
  return Array.from({ length: clients }, () => {
    const request = { id: uuidv7(), customerId: uuidv7(), salonId: salon.id, startAt, customerNote: '', wanted };
    const plan = calendar && planBooking(calendar, request, { now, holdMinutes: 10 });
    if (!plan || 'refusal' in plan) throw new Error('the time is not free');
    return { booking: plan.booking, claims: toClaims(plan.items), event: toBookingEvent(plan.booking) };
  });
}

/** One round at the database's door; returns how many got in. */
async function rushDoor(slot: number, times: number[]): Promise<number> {
  const outcomes = await Promise.all(
    (await planRound(slot)).map(async (each) => {
      const started = performance.now();
      const { outcome } = await insertBooking(bench.ctx.database, each);
      times.push(performance.now() - started);
      return outcome;
    }),
  );
  return outcomes.filter((outcome) => outcome === 'created').length;
}

function report(times: readonly number[]): number {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => toPercentile(times, share).toFixed(1));
  console.error(`${times.length} attempts: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
  return toPercentile(times, 0.99);
}

/** PostgreSQL's `deadlock_timeout`: whoever is in a deadlock waits this long before it is found. Speed itself is the benches' matter. */
const deadlockTimeoutMs = 1_000;

describe('a conflict storm', () => {
  it(`lets one of ${clients} win each time, without a deadlock and without the wait for one`, async () => {
    const before = await countDeadlocks();
    const slowest: number[] = [];
    for (let index = 0; index < storms; index++) {
      const { times, winners } = await runStorm(1 + index * rounds);
      expect(winners.every((count) => count === 1)).toBe(true);
      slowest.push(report(times));
    }
    expect((await countDeadlocks()) - before).toBe(0n);
    // A deadlock's wait shows in every storm; what else the machine does in the meantime does not.
    expect(Math.min(...slowest)).toBeLessThan(deadlockTimeoutMs);
  }, 120_000);

  it('is as calm where all clients reach the database at once', async () => {
    const before = await countDeadlocks();
    const times: number[] = [];
    for (let round = 0; round < 400; round++) expect(await rushDoor(1_000 + round, times)).toBe(1);
    expect(report(times)).toBeLessThan(deadlockTimeoutMs);
    expect((await countDeadlocks()) - before).toBe(0n);
  }, 120_000);
});
