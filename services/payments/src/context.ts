import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { createGrpcTransport } from '@mawid/rpc';
import {
  type Clock,
  type Core,
  clientInterceptors,
  closeCore,
  type Database,
  type Logger,
  type NatsConnection,
  openCore,
  type Relay,
  type Telemetry,
} from '@mawid/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Config } from './config.ts';
import { PrismaClient } from './db/generated/client.ts';
import { createMoyasarProvider } from './provider/moyasar/create-moyasar-provider.ts';
import type { PaymentProvider } from './provider/payment-provider.ts';
import { createMetrics, type Metrics } from './telemetry.ts';
import { createWakes, type Wakes } from './wakes.ts';

export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly database: Database;
  /** Reads for people; whatever moves money is SQL in `db/`. */
  readonly prisma: PrismaClient;
  readonly nats: NatsConnection;
  readonly relay: Relay;
  readonly bookingTransport: Transport & { close?(): void };
  readonly provider: PaymentProvider;
  readonly wakes: Wakes;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const { logger, telemetry } = core;
  const metrics = overrides.metrics ?? createMetrics(telemetry);
  return {
    ...core,
    config,
    metrics,
    prisma: overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool) }),
    bookingTransport: overrides.bookingTransport ?? openBooking(config, core),
    provider: overrides.provider ?? createMoyasarProvider({ config, logger, telemetry, metrics }),
    wakes: overrides.wakes ?? createWakes(),
  };
}

/** Questions to booking. */
export function bookingClient({ bookingTransport }: Context): Client<typeof BookingService> {
  return createClient(BookingService, bookingTransport);
}

export async function closeContext(ctx: Context): Promise<void> {
  ctx.bookingTransport.close?.();
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}

function openBooking(config: Config, { telemetry, certificates }: Core): Context['bookingTransport'] {
  return createGrpcTransport(config.bookingAddress, {
    interceptors: clientInterceptors({ peer: 'payments', telemetry }),
    certificates,
  });
}
