import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { type Context, createContext } from '../src/context.ts';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import {
  as,
  type Bench,
  type Clients,
  createClients,
  openBench,
  type Person,
  person,
  startOfTests,
} from './support/bench.ts';
import { factsOf } from './support/booking-books.ts';
import { createFaultyDatabase, type FaultMoment, type FaultyDatabase } from './support/faulty-database.ts';
import { findDisorder } from './support/find-disorder.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';
import { createPaymentFacts, type PaymentFacts } from './support/payment-facts.ts';

let bench: Bench;
let database: FaultyDatabase;
let faulty: Clients;
let payments: PaymentFacts;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  database = createFaultyDatabase(bench.ctx.database);
  const ctx: Context = await createContext(bench.ctx.config, {
    ...{ clock: bench.clock, logger: silentLogger(), database },
    ...{ nats: bench.ctx.nats, relay: bench.ctx.relay, telemetry: bench.ctx.telemetry },
    ...{ prisma: bench.ctx.prisma, metrics: bench.ctx.metrics },
  });
  faulty = createClients(ctx);
  payments = createPaymentFacts(ctx);
  salon = await makeSalon(bench, {
    ...{ opens: '00:00', closes: '24:00', paymentPolicy: PaymentPolicy.IN_ADVANCE },
    ...{ services: [{ minutes: 30 }, { minutes: 30, after: 15 }], staff: [undefined, undefined] },
  });
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.clock.set(startOfTests);
  database?.failAt(0);
});

let lastSlot = 48;

/** A start that no other test uses; the booking takes less than two hours. */
function nextStart() {
  lastSlot += 4;
  return timestampFromDate(new Date(Date.parse(startOfTests) + lastSlot * 30 * 60_000));
}

type Start = ReturnType<typeof nextStart>;
type Headers = Record<string, string>;

interface Wish {
  readonly who: Person;
  readonly startAt: Start;
  readonly bookingId?: string;
  readonly headers?: Headers;
}

function book({ bookings }: Clients, { who, startAt, bookingId = '', headers = {} }: Wish): Promise<Booking> {
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  return bookings.createBooking({ salonId: salon.id, items, startAt, bookingId }, as(who, headers));
}

async function hold(): Promise<{ who: Person; id: string }> {
  const who = person('customer');
  return { who, id: (await book(bench, { who, startAt: nextStart() })).id };
}

const key = (): Headers => ({ 'idempotency-key': uuidv7() });
const disorder = () => findDisorder(bench.ctx.database, bench.clock.now());
const facts = (id: string) => factsOf(bench.ctx.database, id);

async function run(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await bench.ctx.database.pool.query(text, values)).rows;
}

const bookingsOf = async ({ userId }: Person) =>
  (await run('SELECT id FROM bookings WHERE customer_id = $1', [userId])).map(({ id }) => id);

/** Something that is tried with a fault in the middle. */
interface Trial {
  act(): Promise<unknown>;
  /** Tries it again, and looks at what has become of it. */
  again(): Promise<void>;
}

/** Makes one booking, whichever call of it fails. */
function bookingTrial(on: Clients, by: { bookingId?: string; headers?: Headers }): Trial {
  const wish = { who: person('customer'), startAt: nextStart(), ...by };
  return {
    act: () => book(on, wish),
    async again() {
      const { id } = await book(on, wish);
      expect(await bookingsOf(wish.who)).toEqual([id]);
      expect(await facts(id)).toEqual(['held']);
    },
  };
}

async function moveTrial(on: Clients): Promise<Trial> {
  const [{ who, id: bookingId }, startAt, options] = [await hold(), nextStart(), key()];
  const act = () => on.bookings.rescheduleBooking({ bookingId, startAt }, as(who, options));
  return {
    act,
    async again() {
      expect(await act()).toMatchObject({ startAt, rescheduleCount: 1 });
      expect(await facts(bookingId)).toEqual(['held', 'rescheduled']);
    },
  };
}

async function captureTrial(isLate: boolean): Promise<Trial> {
  const { id } = await hold();
  const paymentId = uuidv7();
  if (isLate) {
    bench.clock.advance(11 * 60_000);
    await expireHolds(bench.ctx, new AbortController().signal);
  }
  const act = () => payments.captured(id, { id: paymentId, amount: 20_000n });
  return {
    act,
    async again() {
      await act();
      expect(await facts(id)).toEqual(isLate ? ['held', 'expired', 'confirmed'] : ['held', 'confirmed']);
    },
  };
}

async function extensionTrial(): Promise<Trial> {
  const { id } = await hold();
  const paymentId = uuidv7();
  bench.clock.advance(60_000);
  const act = () => payments.started(id, paymentId);
  return {
    act,
    async again() {
      await act();
      expect(await facts(id)).toEqual(['held', 'hold_extended']);
    },
  };
}

const trials: Record<string, () => Trial | Promise<Trial>> = {
  'CreateBooking with an id of the client': () => bookingTrial(faulty, { bookingId: uuidv7() }),
  'CreateBooking with an idempotency key': () => bookingTrial(faulty, { headers: key() }),
  RescheduleBooking: () => moveTrial(faulty),
  'a captured payment': () => captureTrial(false),
  'a payment that is captured late': () => captureTrial(true),
  'a payment that starts': () => extensionTrial(),
};

/** Tries it with each of its calls to the database failing in turn, until one trial meets no fault. Answers how many there were. */
async function failEach(moment: FaultMoment, prepare: () => Trial | Promise<Trial>): Promise<number> {
  for (let call = 1; call < 60; call++) {
    const trial = await prepare();
    // What is kept of the calendar in memory has to be read again, so that this can fail, too.
    await run('UPDATE salons SET updated_at = updated_at');
    database.failAt(call, moment);
    const problem = await codeOf(trial.act());
    const hasFailed = database.hasFailed;
    database.failAt(0);
    expect(await disorder()).toEqual([]);
    if (!hasFailed) {
      expect(problem).toBeUndefined();
      return call - 1;
    }
    await trial.again();
    expect(await disorder()).toEqual([]);
  }
  throw new Error('there is no end to its calls');
}

/** The code of a refused call; undefined when it was answered. Handlers of events throw what the database does. */
async function codeOf(call: Promise<unknown>): Promise<Code | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof ConnectError) expect(error.code).toBe(Code.Unavailable);
    else expect(error).toMatchObject({ message: expect.stringContaining('Connection terminated') });
    return ConnectError.from(error).code;
  }
}

describe('a call to the database that fails', () => {
  it.each(Object.entries(trials))(
    '%s: leaves nothing half done, and the next attempt does it once',
    async (_, prepare) => {
      // The fewest: a stale calendar is found out, read again, and written by.
      expect(await failEach('before', prepare)).toBeGreaterThanOrEqual(3);
      expect(await failEach('after', prepare)).toBeGreaterThanOrEqual(3);
    },
  );
});

/** Holds the database's lock that the call needs, kills the connection that waits for it, and lets go. */
async function killWhileWaiting(lock: { text: string; values: unknown[] }, call: () => Promise<unknown>) {
  const other = await bench.ctx.database.pool.connect();
  try {
    await other.query('BEGIN');
    await other.query(lock.text, lock.values);
    const answer = call().catch((error: unknown) => error);
    const kill = `SELECT pg_terminate_backend(pid) AS killed FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await waitFor('a connection to be killed', async () => (await run(kill)).length > 0);
    return await answer;
  } finally {
    await other.query('ROLLBACK');
    other.release();
  }
}

describe('a connection that is lost in the middle', () => {
  const claim = `INSERT INTO claims (subject, during, booking_id)
                 SELECT unnest($1::uuid[]), tstzrange($2, $2::timestamptz + interval '2 hours'), $3`;
  const lockBooking = 'SELECT FROM bookings WHERE id = $1 FOR UPDATE';
  const timeOf = (startAt: Start) => [salon.staffIds, timestampDate(startAt), uuidv7()];

  it.each([
    ['an id of the client', () => ({ bookingId: uuidv7() })],
    ['an idempotency key', () => ({ headers: key() })],
  ])('makes no half booking: CreateBooking with %s', async (_, by) => {
    const wish = { who: person('customer'), startAt: nextStart(), ...by() };
    const lock = { text: claim, values: timeOf(wish.startAt) };
    const answer = await killWhileWaiting(lock, () => book(bench, wish));
    expect(answer).toMatchObject({ code: Code.Unavailable });
    expect(await bookingsOf(wish.who)).toEqual([]);
    expect(await disorder()).toEqual([]);
    const { id } = await book(bench, wish);
    expect(await bookingsOf(wish.who)).toEqual([id]);
  });

  it.each([
    ['its booking', false],
    ['its new time', true],
  ])('moves nothing by half: RescheduleBooking that waits for %s', async (_, isForTime) => {
    const [{ who, id }, startAt] = [await hold(), nextStart()];
    const move = () => bench.bookings.rescheduleBooking({ bookingId: id, startAt }, as(who));
    const lock = isForTime ? { text: claim, values: timeOf(startAt) } : { text: lockBooking, values: [id] };
    expect(await killWhileWaiting(lock, move)).toMatchObject({ code: Code.Unavailable });
    expect(await facts(id)).toEqual(['held']);
    expect(await disorder()).toEqual([]);
    expect(await move()).toMatchObject({ startAt });
    expect(await disorder()).toEqual([]);
  });

  it('leaves a captured payment to the next delivery', async () => {
    const { id } = await hold();
    const pay = () => payments.captured(id, { amount: 20_000n });
    await killWhileWaiting({ text: lockBooking, values: [id] }, pay);
    expect(await facts(id)).toEqual(['held']);
    await pay();
    expect(await facts(id)).toEqual(['held', 'confirmed']);
    expect(await disorder()).toEqual([]);
  });
});
