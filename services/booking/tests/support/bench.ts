import { type Client, createClient } from '@connectrpc/connect';
import { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { applyMigrations, type Role, reasonOf } from '@mawid/service-kit';
import {
  createTestClock,
  createTestTransport,
  headersOf,
  silentLogger,
  type TestClock,
  testToken,
} from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../../src/config.ts';
import { type Context, closeContext, createContext } from '../../src/context.ts';
import { createRoutes } from '../../src/rpc/index.ts';
import { bookingService } from '../../src/service.ts';

/** Somebody who calls. */
export interface Person {
  readonly userId: string;
  readonly role: Role;
}

export interface Clients {
  readonly bookings: Client<typeof BookingService>;
  readonly internal: Client<typeof BookingInternalService>;
  readonly catalog: Client<typeof CatalogService>;
  readonly availability: Client<typeof AvailabilityService>;
}

/** The service's handlers in this process, on a database of their own, without workers. */
export interface Bench extends Clients {
  readonly ctx: Context;
  readonly clock: TestClock;
  close(): Promise<void>;
}

/** A Sunday; noon in Riyadh. */
export const startOfTests = '2026-11-22T09:00:00Z';

export async function openBench(): Promise<Bench> {
  const infrastructure = await startTestInfrastructure();
  try {
    return await openOn(infrastructure);
  } catch (error) {
    // Servers that go on running would keep the test run from ending.
    await infrastructure.close();
    throw error;
  }
}

async function openOn(infrastructure: TestInfrastructure): Promise<Bench> {
  const databaseUrl = await infrastructure.databaseUrl('booking');
  await applyMigrations({ databaseUrl, folder: bookingService.migrations });
  const clock = createTestClock(startOfTests);
  const config = loadConfig({
    BOOKING_DATABASE_URL: databaseUrl,
    NATS_URL: infrastructure.natsUrl,
    DATABASE_POOL_SIZE: '16',
  });
  const ctx = await createContext(config, { clock, logger: silentLogger() });
  return {
    ...{ ctx, clock },
    ...createClients(ctx),
    async close() {
      await closeContext(ctx);
      await ctx.telemetry.shutdown();
      await infrastructure.close();
    },
  };
}

/** Clients to the service's handlers, in this process and inside the interceptors of a server. */
export function createClients(ctx: Context): Clients {
  const transport = createTestTransport(createRoutes(ctx), { telemetry: ctx.telemetry });
  return {
    bookings: createClient(BookingService, transport),
    internal: createClient(BookingInternalService, transport),
    catalog: createClient(CatalogService, transport),
    availability: createClient(AvailabilityService, transport),
  };
}

export function person(role: Role): Person {
  return { userId: uuidv7(), role };
}

/** Call options of a person, with other headers. */
export function as(who: Person | undefined, headers: Record<string, string> = {}) {
  return { headers: headersOf({ ...headers, ...(who && { token: testToken({ ...who }) }) }) };
}

/** Why a call was refused: its reason, or `none` when it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return reasonOf(error) ?? String(error);
  }
}
