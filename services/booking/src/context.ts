import { type Core, closeCore, openCore } from '@mawid/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Config } from './config.ts';
import { PrismaClient } from './db/generated/client.ts';
import { createMetrics, type Metrics } from './telemetry.ts';

export interface Context extends Core {
  config: Config;
  /** For the catalogue; bookings and times are read and written by prepared statements. */
  prisma: PrismaClient;
  metrics: Metrics;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const prisma =
    overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool, { disposeExternalPool: false }) });
  return { ...core, config, prisma, metrics: overrides.metrics ?? createMetrics(core.telemetry) };
}

export async function closeContext(ctx: Context): Promise<void> {
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}
