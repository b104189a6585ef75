import { type Core, closeCore, openCore } from '@mawid/service-kit';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Config } from './config.ts';
import { PrismaClient } from './db/generated/client.ts';
import { createKeyRing, type KeyRing } from './keys/create-key-ring.ts';
import { createSocial, type Social } from './social/create-social.ts';
import { createMetrics, type Metrics } from './telemetry.ts';

export interface Context extends Core {
  config: Config;
  prisma: PrismaClient;
  keyRing: KeyRing;
  metrics: Metrics;
  social: Social;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const prisma = overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool) });
  const { keys: schedule, signingKeySecret: secret } = config;
  const keyRing = overrides.keyRing ?? createKeyRing({ database: core.database, clock: core.clock, schedule, secret });
  const metrics = overrides.metrics ?? createMetrics(core.telemetry);
  const social = overrides.social ?? createSocial(config.social, core.clock);
  return { ...core, config, prisma, keyRing, metrics, social };
}

export async function closeContext(ctx: Context): Promise<void> {
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}
