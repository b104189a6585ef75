import type { Transport } from '@connectrpc/connect';
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
import { createAuthentica } from './provider/authentica/create-authentica.ts';
import { createConsole, type Output } from './provider/console/create-console.ts';
import type { CallTools } from './provider/http/create-http-caller.ts';
import type { CodeProvider, Providers } from './provider/providers.ts';
import { createUnifonic } from './provider/unifonic/create-unifonic.ts';
import { createMetrics, type Metrics } from './telemetry.ts';

export interface Context {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly database: Database;
  /** Reads for people; the lanes are SQL in `db/`. */
  readonly prisma: PrismaClient;
  readonly nats: NatsConnection;
  readonly relay: Relay;
  readonly bookingTransport: Transport & { close?(): void };
  readonly providers: Providers;
  /** What is printed for a developer. */
  readonly output: Output;
}

export async function createContext(config: Config, overrides: Partial<Context> = {}): Promise<Context> {
  const core = await openCore(config.core, overrides);
  const { logger, telemetry } = core;
  const metrics = overrides.metrics ?? createMetrics(telemetry);
  const output = overrides.output ?? process.stdout;
  const tools = { logger, telemetry, metrics, calls: config.calls };
  return {
    ...core,
    config,
    metrics,
    prisma: overrides.prisma ?? new PrismaClient({ adapter: new PrismaPg(core.database.pool) }),
    bookingTransport: overrides.bookingTransport ?? openBooking(config, core),
    providers: overrides.providers ?? {
      code: createCodeProvider(config, tools, output),
      text: createUnifonic(config.unifonic, tools),
    },
    output,
  };
}

export async function closeContext(ctx: Context): Promise<void> {
  ctx.bookingTransport.close?.();
  await ctx.prisma.$disconnect();
  await closeCore(ctx);
}

function openBooking(config: Config, { telemetry, certificates }: Core): Context['bookingTransport'] {
  return createGrpcTransport(config.bookingAddress, {
    interceptors: clientInterceptors({ peer: 'notify', telemetry }),
    certificates,
    defaultDeadlineMs: 2_000,
  });
}

function createCodeProvider({ codeProvider, authentica }: Config, tools: CallTools, output: Output): CodeProvider {
  return codeProvider === 'console' ? createConsole(output) : createAuthentica(authentica, tools);
}
