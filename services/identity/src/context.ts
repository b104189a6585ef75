import { type Core, closeCore, openCore } from '@mawid/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Config } from './config.ts';
import { PrismaClient } from './db/generated/client.ts';
import { createKeyRing, type KeyRing } from './keys/create-key-ring.ts';
import { createMetrics, type Metrics } from './telemetry.ts';

export interface Context extends Core {
  config: Config;
  prisma: PrismaClient;
  keyRing: KeyRing;
  metrics: Metrics;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const prisma = overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool) });
  const { keys: schedule, signingKeySecret: secret } = config;
  const keyRing = overrides.keyRing ?? createKeyRing({ prisma, clock: core.clock, schedule, secret });
  const metrics = overrides.metrics ?? createMetrics(core.telemetry);
  return { ...core, config, prisma, keyRing, metrics };
}

export async function closeContext(ctx: Context): Promise<void> {
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}
