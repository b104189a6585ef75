import type { Certificates } from '@mawid/rpc';
import { type Clock, systemClock } from '../clock.ts';
import type { CoreConfig } from '../config/core-config.ts';
import { createDatabase } from '../database/create-database.ts';
import type { Database } from '../database/types.ts';
import { connectNats, type NatsConnection } from '../events/nats.ts';
import { type Relay, startRelay } from '../events/relay.ts';
import { createLogger, type Logger } from '../logger/create-logger.ts';
import { startTelemetry, type Telemetry } from '../telemetry/start-telemetry.ts';
import { openProcessCertificates } from './open-certificates.ts';

/** The members that every service's context has. */
export interface Core {
  clock: Clock;
  logger: Logger;
  telemetry: Telemetry;
  database: Database;
  nats: NatsConnection;
  relay: Relay;
  /** Of every server and transport of the process; the frame closes them. Undefined: plain text. */
  certificates?: Certificates | undefined;
}

/** Opens what `config` describes, except for what `overrides` brings. */
export async function openCore(config: CoreConfig, overrides: Partial<Core> = {}): Promise<Core> {
  const { name } = config;
  const logger = overrides.logger ?? createLogger({ name, level: config.logLevel });
  const telemetry =
    overrides.telemetry ??
    startTelemetry({ service: name, otlpEndpoint: config.otlpEndpoint, sampleRatio: config.traceSampleRatio });
  const certificates =
    overrides.certificates ?? openProcessCertificates(config.certificateFiles, { name, logger, telemetry });
  const nats = overrides.nats ?? (await connectNats({ url: config.natsUrl, name }));
  const database = overrides.database ?? openDatabase(config, { logger, telemetry });
  const relay =
    overrides.relay ??
    startRelay({ database, nats, service: name, logger, telemetry, streamReplicas: config.streamReplicas });
  return { clock: overrides.clock ?? systemClock, logger, telemetry, database, nats, relay, certificates };
}

/** Closes relay, NATS and database, in this order. Telemetry stays for the frame. */
export async function closeCore(core: Pick<Core, 'relay' | 'nats' | 'database'>): Promise<void> {
  await core.relay.close();
  await core.nats.close();
  await core.database.close();
}

function openDatabase(config: CoreConfig, rest: { logger: Logger; telemetry: Telemetry }): Database {
  return createDatabase({
    url: config.databaseUrl,
    name: config.name,
    poolSize: config.databasePoolSize,
    statementTimeoutMs: config.databaseStatementTimeoutMs,
    ...rest,
  });
}
