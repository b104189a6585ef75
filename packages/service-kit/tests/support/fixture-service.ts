import { create } from '@bufbuild/protobuf';
import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import {
  type Core,
  type CoreConfig,
  closeCore,
  coreSettings,
  insertEvents,
  loadSettings,
  on,
  openCore,
  type ServiceDefinition,
  startConsumer,
  toCoreConfig,
} from '@mawid/service-kit';
import { confirmed, createMigrationsFolder, insertEffect } from './kit.ts';

export type FixtureContext = Core & { config: { core: CoreConfig } };

/** A small service: cancelling writes an event, which the service itself consumes. Getting takes 300 ms. */
export async function createFixtureService(): Promise<ServiceDefinition<{ core: CoreConfig }, FixtureContext>> {
  return {
    name: 'booking',
    migrations: await createMigrationsFolder(),
    loadConfig: (env) => ({ core: toCoreConfig('booking', loadSettings(coreSettings('booking'), env)) }),
    createContext: async (config, overrides) => ({ config, ...(await openCore(config.core, overrides)) }),
    routes: (ctx) => (router) => {
      router.service(BookingService, {
        async cancelBooking({ bookingId }) {
          await ctx.database.transaction((tx) => insertEvents(tx, [confirmed(bookingId, 1)]));
          ctx.relay.wake();
          return create(BookingSchema, { id: bookingId });
        },
      });
      router.service(BookingInternalService, {
        async getBookingState() {
          await new Promise((resolve) => setTimeout(resolve, 300));
          return { version: 7n };
        },
      });
    },
    http: () => [{ method: 'GET', path: '/hello', handle: (_, response) => void response.end('hello') }],
    startWorkers: async (ctx) => [
      await startConsumer({
        ...ctx,
        service: 'booking',
        subscriptions: [on(BookingConfirmedSchema, (tx, event) => insertEffect(tx, event).then())],
      }),
    ],
    closeContext: closeCore,
  };
}
