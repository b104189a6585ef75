import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type CallOptions, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { createTestNats, startTestInfrastructure, type TestInfrastructure, type TestNats } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import { type RunningService, startService } from '@mawid/service-kit';
import { headersOf, silentLogger, startTestIssuer, type TestIssuer, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import { bookingService, type Context } from '../src/service.ts';
import { as, createClients, person } from './support/bench.ts';
import { calendarFacts, tell } from './support/calendar-facts.ts';
import { type CalendarWatcher, isResync, type WatchOptions, watchCalendar } from './support/calendar-watcher.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const { confirmed, cancelled } = calendarFacts;

interface Replica {
  readonly service: RunningService<Context>;
  readonly transport: GrpcTransport;
}

let infrastructure: TestInfrastructure;
let nats: TestNats;
let issuer: TestIssuer;
let env: NodeJS.ProcessEnv;
let salon: MadeSalon;
let call: CallOptions;
let replicas: Replica[];

beforeAll(async () => {
  [infrastructure, nats, issuer] = [await startTestInfrastructure(), await createTestNats(), await startTestIssuer()];
  await nats.start();
  env = {
    ...{ BOOKING_GRPC_PORT: '0', BOOKING_HTTP_PORT: '0', SHUTDOWN_DELAY_MS: '0' },
    // Replicas and clients share this process: a busy machine would have them turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    BOOKING_DATABASE_URL: await infrastructure.databaseUrl('booking'),
    NATS_URL: nats.url,
    IDENTITY_JWKS_URL: issuer.jwksUrl,
  };
});
beforeEach(async () => {
  replicas = [await startReplica(), await startReplica()];
  salon = await makeSalon(createClients(contextOf(0)), { opens: '00:00', closes: '24:00' });
  const token = await issuer.sign({ userId: salon.manager.userId, role: 'manager' });
  call = { headers: headersOf({ token }) };
});
afterEach(async () => {
  for (const { transport, service } of replicas) {
    transport.close();
    await service.close();
  }
});
afterAll(async () => {
  await issuer?.close();
  await nats?.close();
  await infrastructure?.close();
});

async function startReplica(more: NodeJS.ProcessEnv = {}): Promise<Replica> {
  const service = await startService(bookingService, loadConfig({ ...env, ...more }), { logger: silentLogger() });
  return { service, transport: createGrpcTransport(`127.0.0.1:${service.grpcPort}`) };
}

function replica(index: number): Replica {
  const found = replicas[index % replicas.length];
  if (!found) throw new Error('no replica');
  return found;
}

const contextOf = (index: number): Context => replica(index).service.ctx;

function watchAt(index: number, options: Partial<WatchOptions> = {}): CalendarWatcher {
  const client = createClient(BookingService, replica(index).transport);
  return watchCalendar(client, { salonId: salon.id, ...options }, call);
}

const fact = () => ({ id: uuidv7(), salonId: salon.id, staffIds: salon.staffIds });

/** The salon's facts in the outbox, as `<booking>@<version>`. */
async function readOutbox(): Promise<string[]> {
  const text = `SELECT aggregate_id || '@' || aggregate_version AS told FROM outbox WHERE subject LIKE 'booking.booking.%'`;
  const { rows } = await contextOf(0).database.query<{ told: string }>({ name: 'test.outbox', text, values: [] });
  return rows.map(({ told }) => told);
}

/** A hundred bookings of one time, each made at one replica and cancelled at either. */
async function keepBusy(): Promise<void> {
  const startAt = timestampFromDate(new Date(Math.ceil(Date.now() / 3_600_000 + 24) * 3_600_000));
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  const customer = as(person('customer'));
  for (let round = 0; round < 100; round++) {
    const [maker, canceller] = [round, Math.floor(Math.random() * 2)].map((index) => createClients(contextOf(index)));
    const made = await maker?.bookings.createBooking({ salonId: salon.id, items, startAt }, customer);
    await canceller?.bookings.cancelBooking({ bookingId: made?.id ?? '' }, customer);
  }
}

const sequenceOf = ({ id }: { id: string }): number => Number(id.split('-')[1]);

describe('WatchCalendar on two replicas', () => {
  it('loses and repeats nothing, though its client breaks off twenty times and goes on at either', async () => {
    const before = new Set(await readOutbox());
    let watcher = watchAt(0);
    await watcher.waitFor(({ events }) => events.length === 1);
    const streams = [watcher];
    let isOver = false;
    const busy = keepBusy().finally(() => {
      isOver = true;
    });
    for (let round = 1; round <= 20; round++) {
      const wanted = watcher.events.length + Math.floor(Math.random() * 10);
      await watcher.waitFor(({ events }) => isOver || events.length >= wanted);
      await watcher.close();
      watcher = watchAt(round, { lastEventId: watcher.lastId });
      streams.push(watcher);
    }
    await busy;
    const expected = (await readOutbox()).filter((each) => !before.has(each));
    const all = () => streams.flatMap(({ told }) => told);
    await watcher.waitFor(() => all().length >= 200);
    await watcher.close();
    expect(expected).toHaveLength(200);
    expect([...all()].sort()).toEqual([...expected].sort());
    const sequences = streams.flatMap(({ events }) => events.map(sequenceOf));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(streams.flatMap(({ events }) => events.filter(isResync))).toHaveLength(1);
  });

  it('ends its streams with UNAVAILABLE when a replica ends, on both wires, and goes on at one that has just started', async () => {
    const { service } = replica(0);
    const connect = createConnectTransport({ baseUrl: `http://127.0.0.1:${service.httpPort}`, httpVersion: '1.1' });
    const watchers = [watchAt(0), watchCalendar(createClient(BookingService, connect), { salonId: salon.id }, call)];
    for (const watcher of watchers) await watcher.waitFor(({ events }) => events.length === 1);
    await service.close();
    for (const watcher of watchers) expect(await watcher.ended).toMatch(/unavailable/i);
    const missed = fact();
    await tell(contextOf(1), confirmed(missed));
    await waitFor('the event to be published', () => replica(1).service.settled());
    replicas[0]?.transport.close();
    replicas[0] = await startReplica();
    const lastEventId = watchers[0]?.lastId ?? '';
    for (const index of [0, 1]) {
      const later = watchAt(index, { lastEventId });
      await later.waitFor(({ told }) => told.length === 1);
      expect([later.told, later.events.some(isResync)]).toEqual([[`${missed.id}@1`], false]);
      await later.close();
    }
  });

  it('tells to read the calendar anew where the last id is older than what is kept', async () => {
    const old = watchAt(0);
    await old.waitFor(({ events }) => events.length === 1);
    await old.close();
    const small = await startReplica({ BOOKING_STREAM_EVENTS: '10' });
    replicas.push(small);
    for (let round = 0; round < 11; round++) await tell(contextOf(0), confirmed(fact()));
    await waitFor('the events to be published', () => replica(0).service.settled());
    const [forgetful, other] = [2, 1].map((index) => watchAt(index, { lastEventId: old.lastId }));
    await forgetful?.waitFor(({ events }) => events.some(isResync));
    await other?.waitFor(({ told }) => told.length === 11);
    expect(other?.events.some(isResync)).toBe(false);
    await Promise.all([forgetful?.close(), other?.close()]);
  });

  it('stays open while NATS is away, and tells later what happened meanwhile', async () => {
    const watcher = watchAt(0);
    await watcher.waitFor(({ events }) => events.length === 1);
    await nats.stop();
    const booking = fact();
    await tell(contextOf(0), confirmed(booking));
    await tell(contextOf(1), cancelled(booking));
    await nats.start();
    await watcher.waitFor(({ told }) => told.length === 2);
    expect(watcher.told).toEqual([`${booking.id}@1`, `${booking.id}@2`]);
    expect(watcher.events.filter(isResync)).toHaveLength(1);
    await watcher.close();
  });
});
