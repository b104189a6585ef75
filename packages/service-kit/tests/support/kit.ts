import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  type BookingConfirmed,
  BookingConfirmedSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import {
  applyMigrations,
  connectNats,
  createDatabase,
  type Database,
  kitMigrationSql,
  type Logger,
  type NatsConnection,
  type OutgoingEvent,
  startTelemetry,
  type Telemetry,
} from '@mawid/service-kit';
import { silentLogger } from '@mawid/service-kit/testing';

/** What the parts under test need of a service. */
export interface Kit {
  database: Database;
  nats: NatsConnection;
  telemetry: Telemetry;
  logger: Logger;
  close(): Promise<void>;
}

/** A migrations folder in Prisma's layout with the kit's tables and a table of effects. */
export async function createMigrationsFolder(extra: Record<string, string> = {}): Promise<string> {
  // Named as dev-stack's test folders are, which removes those whose owner is gone.
  const folder = await mkdtemp(join(tmpdir(), 'mawid-test-'));
  await writeFile(join(folder, 'owner.pid'), String(process.pid));
  const scripts = {
    '20261122000000_kit': kitMigrationSql,
    '20261122000001_effects':
      'CREATE TABLE effects (position bigserial, event_id text, aggregate_id text, version int);\n',
    ...extra,
  };
  await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  for (const [name, script] of Object.entries(scripts)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), script);
  }
  return folder;
}

/** A migrated database and a connection to NATS. */
export async function openKit(urls: { databaseUrl: string; natsUrl: string }): Promise<Kit> {
  await applyMigrations({ databaseUrl: urls.databaseUrl, folder: await createMigrationsFolder() });
  const telemetry = startTelemetry({ service: 'test' });
  const logger = silentLogger();
  const database = createDatabase({ url: urls.databaseUrl, name: 'test', telemetry, logger });
  const nats = await connectNats({ url: urls.natsUrl, name: 'test' });
  return {
    database,
    nats,
    telemetry,
    logger,
    async close() {
      await nats.close();
      await database.close();
      await telemetry.shutdown();
    },
  };
}

/** A `booking.booking.v1.confirmed` of a booking at a version. */
export function confirmed(aggregateId: string, version: number): OutgoingEvent<typeof BookingConfirmedSchema> {
  const message: BookingConfirmed = create(BookingConfirmedSchema, {
    version: BigInt(version),
    paymentId: aggregateId,
  });
  return { schema: BookingConfirmedSchema, message, aggregateId, aggregateVersion: version };
}

/** Writes what a handler did into the table of effects. */
export function insertEffect(
  tx: Pick<Database, 'query'>,
  event: { id: string; aggregateId: string; aggregateVersion: number },
) {
  return tx.query({
    name: 'effects.insert',
    text: 'INSERT INTO effects (event_id, aggregate_id, version) VALUES ($1, $2, $3)',
    values: [event.id, event.aggregateId, event.aggregateVersion],
  });
}

/** The effects so far, in order: `aggregate@version`. */
export async function readEffects(on: Pick<Database, 'query'>): Promise<string[]> {
  const { rows } = await on.query<{ aggregate_id: string; version: number }>({
    name: 'effects.list',
    text: 'SELECT aggregate_id, version FROM effects ORDER BY position',
  });
  return rows.map((row) => `${row.aggregate_id}@${row.version}`);
}
