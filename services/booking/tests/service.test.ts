import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { PaymentCapturedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport } from '@mawid/rpc';
import {
  applyMigrations,
  createDatabase,
  insertEvents,
  type RunningService,
  startRelay,
  startService,
} from '@mawid/service-kit';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import { bookingService, type Context } from '../src/service.ts';
import { as, createClients, person } from './support/bench.ts';
import { makeSalon } from './support/make-salon.ts';

let infrastructure: TestInfrastructure;
let service: RunningService<Context>;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  const config = loadConfig({
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    ...{ BOOKING_GRPC_PORT: '0', BOOKING_HTTP_PORT: '0', BOOKING_EXPIRY_INTERVAL_MS: '50' },
    BOOKING_DATABASE_URL: await infrastructure.databaseUrl('booking'),
    NATS_URL: infrastructure.natsUrl,
  });
  service = await startService(bookingService, config, { logger: silentLogger() });
});
afterAll(async () => {
  await service?.close();
  await infrastructure?.close();
});

/** Publishes as payments does: from an outbox in a database of its own. */
async function publishCaptured(paymentId: string, bookingId: string, amount: bigint): Promise<void> {
  const databaseUrl = await infrastructure.databaseUrl('payments');
  await applyMigrations({ databaseUrl, folder: bookingService.migrations });
  const { logger, telemetry, nats } = service.ctx;
  const database = createDatabase({ url: databaseUrl, name: 'payments', telemetry, logger });
  const message = create(PaymentCapturedSchema, { paymentId, bookingId, amount: { amount, currency: 'SAR' } });
  await insertEvents(database, [
    { schema: PaymentCapturedSchema, message, aggregateId: paymentId, aggregateVersion: 1 },
  ]);
  const relay = startRelay({ service: 'payments', database, nats, logger, telemetry });
  await waitFor('the event to be published', () => relay.settled());
  await relay.close();
  await database.close();
}

async function bookTomorrow() {
  const clients = createClients(service.ctx);
  const salon = await makeSalon(clients, { paymentPolicy: PaymentPolicy.IN_ADVANCE, opens: '00:00', closes: '24:00' });
  const who = person('customer');
  const startAt = timestampFromDate(new Date(Math.ceil(Date.now() / 3_600_000 + 24) * 3_600_000));
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  const { id } = await clients.bookings.createBooking({ salonId: salon.id, items, startAt }, as(who));
  return { salon, id, customerId: who.userId, read: () => clients.bookings.getBooking({ bookingId: id }, as(who)) };
}

describe('the service', () => {
  it('answers on gRPC and on HTTP', async () => {
    const { salon } = await bookTomorrow();
    const transport = createGrpcTransport(`127.0.0.1:${service.grpcPort}`);
    const { salons } = await createClient(CatalogService, transport).listSalons({});
    transport.close();
    expect(salons.map(({ id }) => id)).toContain(salon.id);
    const metrics = await (await fetch(`http://127.0.0.1:${service.httpPort}/metrics`)).text();
    expect(metrics).toContain('mawid_booking_transitions_total{state="held"} 1');
  });

  it('confirms a held booking when payments says that it is paid', async () => {
    const { id, read } = await bookTomorrow();
    await publishCaptured(uuidv7(), id, 10_000n);
    const isConfirmed = async () => (await read()).state === BookingState.CONFIRMED;
    await waitFor('the booking to be confirmed', isConfirmed);
    await waitFor('everything to be published', () => service.settled());
  });

  it('forgets what a customer wrote when identity says that the person is gone', async () => {
    const { id, customerId, read } = await bookTomorrow();
    const text = "UPDATE bookings SET customer_note = 'Call me' WHERE id = $1";
    await service.ctx.database.query({ name: 'test.note', text, values: [id] });
    const message = create(UserErasedSchema, { userId: customerId, version: 2n });
    const event = { schema: UserErasedSchema, message, aggregateId: customerId, aggregateVersion: 2 };
    await insertEvents(service.ctx.database, [event]);
    service.ctx.relay.wake();
    await waitFor('the note to go', async () => (await read()).customerNote === '');
  });

  it('expires holds by itself', async () => {
    const { id, read } = await bookTomorrow();
    await service.ctx.database.query({
      name: 'test.lapse',
      text: "UPDATE bookings SET hold_expires_at = now() - interval '1 second' WHERE id = $1",
      values: [id],
    });
    await waitFor('the hold to end', async () => (await read()).state === BookingState.EXPIRED);
  });

  it('names every wrong setting at once', () => {
    const wrong = { BOOKING_HOLD_MINUTES: '0', BOOKING_GRPC_PORT: 'x', NATS_URL: 'http://x', PAGE_TOKEN_KEY: '' };
    expect(() => loadConfig({ ...wrong, NODE_ENV: 'production' })).toThrow(
      /(?=.*BOOKING_HOLD_MINUTES)(?=.*BOOKING_GRPC_PORT)(?=.*NATS_URL)(?=.*PAGE_TOKEN_KEY)(?=.*BOOKING_DATABASE_URL)/,
    );
  });
});
