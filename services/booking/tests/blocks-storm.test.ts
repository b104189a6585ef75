import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { createContext } from '../src/context.ts';
import { as, type Bench, type Clients, createClients, openBench, person, refusalOf } from './support/bench.ts';
import { factsOf } from './support/booking-books.ts';
import { createFaultyDatabase } from './support/faulty-database.ts';
import { findDisorder } from './support/find-disorder.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const rounds = 40;
const hourMs = 3_600_000;

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  salon = await makeSalon(bench, {
    ...{ opens: '00:00', closes: '24:00', paymentPolicy: PaymentPolicy.IN_ADVANCE },
    services: [{ minutes: 60 }, { minutes: 60 }],
    staff: [undefined, undefined],
  });
});
afterAll(() => bench.close());

async function run<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await bench.ctx.database.pool.query(text, values)).rows as R[];
}

async function countDeadlocks(): Promise<number> {
  const [row] = await run<{ deadlocks: bigint }>(
    'SELECT deadlocks FROM pg_stat_database, pg_stat_force_next_flush() WHERE datname = current_database()',
  );
  return Number(row?.deadlocks);
}

const nextHour = () => Math.ceil(bench.clock.now().getTime() / hourMs) * hourMs;

/** Staff of three services in a row: who does the first and the last has two claims with a gap. */
function book(start: number, staff: readonly number[]) {
  const items = staff.map((who, index) => ({
    serviceId: salon.serviceIds[index % 2] ?? '',
    staffId: salon.staffIds[who] ?? '',
  }));
  const wish = { salonId: salon.id, items, startAt: timestampFromMs(start) };
  return refusalOf(bench.bookings.createBooking(wish, as(person('customer'))));
}

function block([from, to]: readonly [number, number], { availability }: Clients = bench, headers = {}) {
  const span = { startAt: timestampFromMs(from), endAt: timestampFromMs(to) };
  return availability.createTimeOff({ staffId: salon.staffIds[0] ?? '', ...span }, as(salon.manager, headers));
}

describe('time off in a storm of bookings', () => {
  it('never shares time with a booking, has its own reason, and no deadlock', async () => {
    const before = await countDeadlocks();
    const known = ['none', 'SLOT_TAKEN', 'TIME_HAS_BOOKINGS', 'TIME_ALREADY_BLOCKED'];
    for (let round = 0; round < rounds; round++) {
      const start = nextHour() + 30 * 24 * hourMs;
      // Holds that have lapsed when the storm comes, and that nobody has released.
      await book(start + 2 * hourMs, [0]);
      await book(start, [0]);
      bench.clock.advance(11 * 60_000);
      const blocks = [
        [start, start + 3 * hourMs] as const,
        [start + hourMs, start + 4 * hourMs] as const,
        [start, start + hourMs] as const,
      ].map((span) => refusalOf(block(span)));
      // To write a block takes more calls than to book: without a head start no block would ever be there first.
      for (let call = 0; call < round % 8; call++) await run('SELECT 1');
      const bookings = [
        book(start, [0, 1, 0]),
        book(start, [0]),
        book(start + 2 * hourMs, [0]),
        book(start + hourMs, [1, 0]),
        book(start, [0, 1, 0]),
      ];
      const answers = await Promise.all([...blocks, ...bookings]);
      for (const answer of answers) expect(known).toContain(answer);
      expect(answers).toContain('none');
      bench.clock.advance(24 * hourMs);
    }
    expect(await findDisorder(bench.ctx.database, bench.clock.now())).toEqual([]);
    expect(await countDeadlocks()).toBe(before);
  }, 120_000);
});

describe('time off in the way of a booking that is being made', () => {
  it('keeps no lock of a lapsed hold while it waits, so that the booking goes on', async () => {
    const start = nextHour() + 80 * hourMs;
    expect(await book(start + 2 * hourMs, [0])).toBe('none');
    bench.clock.advance(11 * 60_000);
    const before = await countDeadlocks();
    const rival = await bench.ctx.database.pool.connect();
    const claim = (from: number) =>
      rival.query('SELECT claim_time($1, ARRAY[$2::uuid], ARRAY[tstzrange($3, $4)], NULL, $5)', [
        ...[uuidv7(), salon.staffIds[0]],
        ...[new Date(from), new Date(from + hourMs), bench.clock.now()],
      ]);
    try {
      await rival.query('BEGIN');
      await claim(start);
      const waiting = refusalOf(block([start, start + 3 * hourMs]));
      await waitFor('the block to wait', async () => (await findWaiting()) !== undefined);
      await claim(start + 2 * hourMs);
      await rival.query('ROLLBACK');
      expect(await waiting).toBe('none');
    } finally {
      rival.release();
    }
    expect(await countDeadlocks()).toBe(before);
  }, 30_000);
});

/** The connection of a block that waits for somebody's claim. */
async function findWaiting(): Promise<number | undefined> {
  const [row] = await run<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO time_blocks%'
        AND datname = current_database()`,
  );
  return row?.pid;
}

describe('time off that is cut short', () => {
  /** Hours that no other test uses. */
  let used = 0;
  const nextSpan = (): [number, number] => {
    used += 1;
    const from = nextHour() + (100 + 3 * used) * hourMs;
    return [from, from + hourMs];
  };
  const blocksAt = ([from]: readonly [number, number]) =>
    run<{ id: string; claims: number }>(
      `SELECT id, (SELECT count(*)::integer FROM claims WHERE block_id = b.id AND active) AS claims FROM time_blocks b
        WHERE start_at = $1`,
      [new Date(from)],
    );

  it('is made once, whichever call fails and whether before or after its work', async () => {
    const database = createFaultyDatabase(bench.ctx.database);
    const { nats, relay, telemetry, prisma, metrics, clock } = bench.ctx;
    const own = { clock, logger: silentLogger(), database, nats, relay, telemetry, prisma, metrics };
    const faulty = createClients(await createContext(bench.ctx.config, own));
    for (const moment of ['before', 'after'] as const) {
      for (let call = 1; ; call++) {
        const span = nextSpan();
        const headers = { 'idempotency-key': uuidv7() };
        database.failAt(call, moment);
        const first = await refusalOf(block(span, faulty, headers));
        const { hasFailed } = database;
        database.failAt(0);
        const { id } = await block(span, faulty, headers);
        expect(await blocksAt(span)).toEqual([{ id, claims: 1 }]);
        expect(await factsOf(bench.ctx.database, id)).toEqual(['created']);
        if (!hasFailed) break;
        expect(first).not.toBe('none');
        expect(call).toBeLessThan(20);
      }
    }
    expect(await findDisorder(bench.ctx.database, bench.clock.now())).toEqual([]);
  }, 60_000);

  it('waits for who claims at the same moment, and survives the loss of its connection', async () => {
    const span = nextSpan();
    const rival = await bench.ctx.database.pool.connect();
    try {
      await rival.query('BEGIN');
      await rival.query(`INSERT INTO claims (subject, during, booking_id) VALUES ($1, tstzrange($2, $3), $4)`, [
        salon.staffIds[0],
        ...span.map((moment) => new Date(moment)),
        uuidv7(),
      ]);
      const waiting = refusalOf(block(span));
      await waitFor('the block to wait', async () => (await findWaiting()) !== undefined);
      await run('SELECT pg_terminate_backend($1)', [await findWaiting()]);
      expect(await waiting).not.toBe('none');
      const again = refusalOf(block(span));
      await rival.query('ROLLBACK');
      expect(await again).toBe('none');
    } finally {
      rival.release();
    }
    expect(await blocksAt(span)).toHaveLength(1);
  });
});
