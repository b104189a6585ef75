import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import {
  PaymentCapturedSchema,
  PaymentFailedSchema,
  PaymentStartedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { createTestNats, startTestInfrastructure, type TestInfrastructure, type TestNats } from '@mawid/dev-stack';
import {
  applyMigrations,
  createDatabase,
  type Database,
  insertEvents,
  type OutgoingEvent,
  type Relay,
  type RunningService,
  startRelay,
  startService,
} from '@mawid/service-kit';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import { bookingService, type Context } from '../src/service.ts';
import { as, type Clients, createClients, person } from './support/bench.ts';
import { factsOf } from './support/booking-books.ts';
import { findDisorder } from './support/find-disorder.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

const patience = { timeoutMs: 60_000, everyMs: 50 };

let infrastructure: TestInfrastructure;
let nats: TestNats;
let service: RunningService<Context>;
let clients: Clients;
let salon: MadeSalon;
/** Payments as booking knows it: an outbox and its relay. */
let payments: { database: Database; relay: Relay };

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  nats = await createTestNats();
  await nats.start();
  const config = loadConfig({
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    ...{ BOOKING_GRPC_PORT: '0', BOOKING_HTTP_PORT: '0', NATS_URL: nats.url },
    BOOKING_DATABASE_URL: await infrastructure.databaseUrl('booking'),
  });
  service = await startService(bookingService, config, { logger: silentLogger() });
  clients = createClients(service.ctx);
  const allDay = { opens: '00:00', closes: '24:00', services: [{ minutes: 30 }] };
  salon = await makeSalon(clients, { ...allDay, paymentPolicy: PaymentPolicy.IN_ADVANCE });
  payments = await startPayments();
});
afterAll(async () => {
  await payments?.relay.close();
  await payments?.database.close();
  await service?.close();
  await nats?.close();
  await infrastructure?.close();
});

async function startPayments() {
  const url = await infrastructure.databaseUrl('payments');
  await applyMigrations({ databaseUrl: url, folder: bookingService.migrations });
  const { logger, telemetry } = service.ctx;
  const database = createDatabase({ url, name: 'payments', telemetry, logger });
  return { database, relay: startRelay({ service: 'payments', database, nats: service.ctx.nats, logger, telemetry }) };
}

async function tell(event: Pick<OutgoingEvent, 'schema' | 'message'>, aggregateId: string): Promise<void> {
  await insertEvents(payments.database, [{ ...event, aggregateId, aggregateVersion: 1 }]);
  payments.relay.wake();
}

let lastSlot = 48;

async function book(): Promise<string> {
  lastSlot += 1;
  const startAt = timestampFromMs(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + lastSlot * 30 * 60_000);
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  const booking = await clients.bookings.createBooking({ salonId: salon.id, items, startAt }, as(person('customer')));
  return booking.id;
}

const facts = (id: string) => factsOf(service.ctx.database, id);

async function unpublished(): Promise<number> {
  const text = 'SELECT id FROM outbox WHERE published_at IS NULL';
  return (await service.ctx.database.query({ name: 'test.unpublished', text })).rows.length;
}

describe('what payments tells', () => {
  it('reaches the hold of its booking by the stream: longer, shorter, paid', async () => {
    const [bookingId, paymentId] = [await book(), uuidv7()];
    const started = create(PaymentStartedSchema, { paymentId, bookingId });
    await tell({ schema: PaymentStartedSchema, message: started }, paymentId);
    await waitFor('the hold to be longer', async () => (await facts(bookingId)).length === 2, patience);
    const failed = create(PaymentFailedSchema, { paymentId, bookingId });
    await tell({ schema: PaymentFailedSchema, message: failed }, paymentId);
    await waitFor('the hold to be shorter', async () => (await facts(bookingId)).length === 3, patience);
    const amount = { amount: 10_000n, currency: 'SAR' };
    const captured = create(PaymentCapturedSchema, { paymentId, bookingId, amount });
    await tell({ schema: PaymentCapturedSchema, message: captured }, paymentId);
    await waitFor('the booking to stand', async () => (await facts(bookingId)).length === 4, patience);
    expect(await facts(bookingId)).toEqual(['held', 'hold_extended', 'hold_extended', 'confirmed']);
  });
});

describe('while NATS is away', () => {
  it('books as ever, and what was booked is told when it is back', async () => {
    const before = await book();
    await waitFor('everything to be told', async () => (await unpublished()) === 0, patience);
    await nats.stop();
    const during = await Promise.all(Array.from({ length: 8 }, book));
    expect(await unpublished()).toBe(during.length);
    expect(await findDisorder(service.ctx.database, new Date())).toEqual([]);

    const paid = during[0] ?? '';
    const message = create(PaymentCapturedSchema, {
      ...{ paymentId: uuidv7(), bookingId: paid, amount: { amount: 10_000n, currency: 'SAR' } },
    });
    await tell({ schema: PaymentCapturedSchema, message }, message.paymentId);
    await nats.start();
    const after = await book();
    await waitFor('the paid one to stand', async () => (await facts(paid)).at(-1) === 'confirmed', patience);
    await waitFor('everything to be told', async () => (await unpublished()) === 0, patience);
    expect(await Promise.all([before, ...during.slice(1), after].map(facts))).toEqual(
      Array.from({ length: during.length + 1 }, () => ['held']),
    );
    expect(await findDisorder(service.ctx.database, new Date())).toEqual([]);
  }, 180_000);
});
