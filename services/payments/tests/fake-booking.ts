import { join } from 'node:path';
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createRouterTransport, type Transport } from '@connectrpc/connect';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import {
  applyMigrations,
  connectNats,
  createDatabase,
  insertEvents,
  startRelay,
  startTelemetry,
} from '@mawid/service-kit';
import { silentLogger } from '@mawid/service-kit/testing';

/** Booking as its neighbours see it: answers about bookings, and an outbox with its relay. */
export interface FakeBooking {
  readonly transport: Transport;
  /** Tokens that calls came with. */
  readonly tokens: string[];
  put(booking: Booking): Booking;
  publish<D extends DescMessage>(schema: D, message: MessageInitShape<D>, aggregateId: string): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeBooking(databaseUrl: string, natsUrl: string): Promise<FakeBooking> {
  const bookings = new Map<string, Booking>();
  const tokens: string[] = [];
  const transport = createRouterTransport((router) => {
    router.service(BookingService, {
      getBooking({ bookingId }, context) {
        tokens.push(context.requestHeader.get('authorization') ?? '');
        const booking = bookings.get(bookingId);
        if (booking === undefined) throw new ConnectError('not found', Code.NotFound);
        return booking;
      },
    });
  });
  const folder = join(import.meta.dirname, '..', 'prisma', 'migrations');
  await applyMigrations({ databaseUrl, folder });
  const [telemetry, logger] = [startTelemetry({ service: 'booking' }), silentLogger()];
  const database = createDatabase({ url: databaseUrl, name: 'booking', telemetry });
  const nats = await connectNats({ url: natsUrl, name: 'booking' });
  const relay = startRelay({ database, nats, service: 'booking', logger, telemetry });
  return {
    transport,
    tokens,
    put(booking) {
      bookings.set(booking.id, booking);
      return booking;
    },
    async publish(schema, message, aggregateId) {
      const event = { schema, message: create(schema, message), aggregateId, aggregateVersion: 2 };
      await database.transaction((tx) => insertEvents(tx, [event]));
      relay.wake();
    },
    async close() {
      await relay.close();
      await nats.close();
      await database.close();
      await telemetry.shutdown();
    },
  };
}
