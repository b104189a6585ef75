import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Booking, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { PaymentCapturedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import {
  applyMigrations,
  createDatabase,
  type Database,
  insertEvents,
  type Relay,
  reasonOf,
  startRelay,
} from '@mawid/service-kit';
import { silentLogger, startTestIssuer, type TestIssuer, waitFor } from '@mawid/service-kit/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import { type Context, closeContext, createContext } from '../src/context.ts';
import { bookingService } from '../src/service.ts';
import { createClients } from './support/bench.ts';
import { type BookingFleet, startBookingFleet } from './support/booking-fleet.ts';
import { findDisorder } from './support/find-disorder.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const bookers = 8;
const wantedKills = 30;
const seed = Number(process.env.MAWID_TEST_SEED ?? Date.now() % 1_000_000);
const patience = { timeoutMs: 90_000, everyMs: 100 };

/** Mulberry32: the moments of a run can be had again by its seed, as far as the machine allows. */
let state = seed;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  const a = Math.imul(state ^ (state >>> 15), 1 | state);
  const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a;
  return ((b ^ (b >>> 14)) >>> 0) / 4_294_967_296;
}
const below = (limit: number) => Math.floor(random() * limit);

let folder: string;
let infrastructure: TestInfrastructure;
let issuer: TestIssuer;
let ctx: Context;
let fleet: BookingFleet;
let payments: { database: Database; relay: Relay };
let salons: MadeSalon[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mawid-fleet-'));
  infrastructure = await startTestInfrastructure();
  issuer = await startTestIssuer();
  const databaseUrl = await infrastructure.databaseUrl('booking');
  await applyMigrations({ databaseUrl, folder: bookingService.migrations });
  const env = { BOOKING_DATABASE_URL: databaseUrl, NATS_URL: infrastructure.natsUrl };
  ctx = await createContext(loadConfig(env), { logger: silentLogger() });
  salons = await Promise.all([PaymentPolicy.AT_SALON, PaymentPolicy.IN_ADVANCE].map(openSalon));
  payments = await startPayments();
  const settings = { IDENTITY_JWKS_URL: issuer.jwksUrl, LOG_LEVEL: 'warn', BOOKING_EXPIRY_INTERVAL_MS: '200' };
  fleet = await startBookingFleet({ size: 4, env: { ...env, ...settings }, folder, random });
}, 120_000);
afterAll(async () => {
  await fleet?.close();
  await payments?.relay.close();
  await payments?.database.close();
  if (ctx) await closeContext(ctx);
  await issuer?.close();
  await infrastructure?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

function openSalon(paymentPolicy: PaymentPolicy): Promise<MadeSalon> {
  const services = [{ minutes: 30 }, { minutes: 30, before: 5, after: 15 }];
  const staff = [undefined, undefined, [1]];
  return makeSalon(createClients(ctx), { ...{ opens: '00:00', closes: '24:00' }, paymentPolicy, services, staff });
}

async function startPayments() {
  const url = await infrastructure.databaseUrl('payments');
  await applyMigrations({ databaseUrl: url, folder: bookingService.migrations });
  const { logger, telemetry, nats } = ctx;
  const database = createDatabase({ url, name: 'payments', telemetry, logger });
  return { database, relay: startRelay({ service: 'payments', database, nats, logger, telemetry }) };
}

interface Booker {
  readonly userId: string;
  readonly token: string;
}

type Options = { headers: Headers };

/** Asks until there is an answer, or a refusal that says why. Whoever is killed says nothing of the kind. */
async function persist(
  call: (client: Client<typeof BookingService>, options: Options) => Promise<Booking>,
  headers: Headers,
): Promise<Booking | string> {
  for (;;) {
    try {
      return await call(await fleet.client(), { headers });
    } catch (error) {
      const reason = reasonOf(error);
      if (reason && !passing.has(reason)) return reason;
      interrupted += 1;
      await sleep(5);
    }
  }
}
let interrupted = 0;
const passing = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'IDEMPOTENCY_IN_PROGRESS', 'OVERLOADED']);

const headersOf = ({ token }: Booker, key?: string) =>
  new Headers({ authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) });

const firstStart = Math.ceil(Date.now() / 86_400_000 + 1) * 86_400_000;

/** Some time of the next days, the sooner the likelier: bookers meet, and find something all the same. */
const anyStart = (): Timestamp => timestampFromMs(firstStart + below(1 + below(600)) * 30 * 60_000);

/** What customers were told. */
const told = { booked: new Map<string, Booking>(), refused: new Set<string>(), paid: new Map<string, string>() };

/** Somebody new, who books, asks again, moves, cancels or pays. */
async function bookOnce(): Promise<void> {
  const userId = uuidv7();
  const booker = { userId, token: await issuer.sign({ userId }) };
  const salon = salons[below(2)] ?? salons[0];
  const items = (below(3) === 0 ? [0, 1] : [1]).map((index) => ({ serviceId: salon?.serviceIds[index] ?? '' }));
  const kind = below(3);
  const wish = { salonId: salon?.id ?? '', items, startAt: anyStart(), bookingId: kind > 0 ? uuidv7() : '' };
  const headers = headersOf(booker, kind < 2 ? uuidv7() : undefined);
  const booking = await persist((client, options) => client.createBooking(wish, options), headers);
  if (typeof booking === 'string') {
    expect(booking).toBe('SLOT_TAKEN');
    return void told.refused.add(userId);
  }
  told.booked.set(userId, booking);
  const next = below(5);
  if (next === 0)
    expect((await persist((client, options) => client.createBooking(wish, options), headers)) as Booking).toMatchObject(
      { id: booking.id },
    );
  if (next < 3) await change(booker, booking, next);
  if (next > 3 && booking.state === BookingState.HELD) await pay(booking);
}

async function change(booker: Booker, { id: bookingId }: Booking, kind: number): Promise<void> {
  const [headers, startAt] = [headersOf(booker, uuidv7()), anyStart()];
  const changed = await persist(
    (client, options) =>
      kind === 1
        ? client.rescheduleBooking({ bookingId, startAt }, options)
        : client.cancelBooking({ bookingId }, options),
    headers,
  );
  if (typeof changed !== 'string') told.booked.set(booker.userId, changed);
  else expect(changed).toBe('SLOT_TAKEN');
}

async function pay({ id: bookingId, amountDue }: Booking): Promise<void> {
  const paymentId = uuidv7();
  const amount = { amount: amountDue?.amount ?? 0n, currency: 'SAR' };
  const message = create(PaymentCapturedSchema, { paymentId, bookingId, amount });
  const event = { schema: PaymentCapturedSchema, message, aggregateId: paymentId, aggregateVersion: 1 };
  await insertEvents(payments.database, [event]);
  payments.relay.wake();
  told.paid.set(bookingId, paymentId);
}

async function rows<R extends object>(text: string): Promise<R[]> {
  return (await ctx.database.pool.query(text)).rows;
}

describe(`kill -9 of the service, ${wantedKills} times, under ${bookers} bookers`, () => {
  it('loses nothing that was said, and does nothing by half or twice', async () => {
    const keepBooking = async () => {
      while (fleet.kills < wantedKills) await bookOnce();
    };
    const kill = async () => {
      while (fleet.kills < wantedKills) {
        await sleep(below(1_200));
        // Now and then the last one, too.
        if (fleet.living > 1 || below(8) === 0) fleet.killOne();
      }
    };
    const startedAt = performance.now();
    await Promise.all([kill(), ...Array.from({ length: bookers }, keepBooking)]);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);

    const unpaid = () =>
      rows(`SELECT id FROM bookings WHERE state = 'held' AND id = ANY('{${[...told.paid.keys()]}}')`);
    await waitFor('the payments to arrive', async () => (await unpaid()).length === 0, patience);
    const untold = () => rows('SELECT id FROM outbox WHERE published_at IS NULL');
    await waitFor('everything to be told', async () => (await untold()).length === 0, patience);

    const found = await rows<{ id: string; customer_id: string; state: string; payment_id: string | null; ms: string }>(
      'SELECT id, customer_id, state, payment_id, extract(epoch FROM start_at) * 1000 AS ms FROM bookings',
    );
    console.error(
      `${fleet.kills} kills in ${seconds} s, ${found.length} bookings, ${told.refused.size} refused, ${interrupted} calls interrupted, ${told.paid.size} paid, seed ${seed}`,
    );
    expect(await findDisorder(ctx.database, new Date())).toEqual([]);
    // Else this proves nothing.
    expect(Math.min(found.length, interrupted)).toBeGreaterThan(wantedKills / 3);
    // Exactly those who were told so have a booking: one, the one that they were told of, where it was said to be.
    expect(found.map((row) => row.customer_id).sort()).toEqual([...told.booked.keys()].sort());
    for (const row of found) {
      const booking = told.booked.get(row.customer_id);
      expect(row).toMatchObject({ id: booking?.id, ms: expect.stringContaining(`${booking?.startAt?.seconds}000`) });
      expect(row.payment_id).toBe(told.paid.get(row.id) ?? null);
      expect(row.state === 'cancelled').toBe(booking?.state === BookingState.CANCELLED);
    }
    const { streams } = await jetstreamManager(ctx.nats);
    const [{ events } = { events: 0 }] = await rows<{ events: number }>('SELECT count(*)::int AS events FROM outbox');
    expect((await streams.info('BOOKING')).state.messages).toBe(events);
  }, 400_000);
});
