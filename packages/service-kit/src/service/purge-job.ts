import type { CoreConfig } from '../config/core-config.ts';
import type { Queryable } from '../database/types.ts';
import { streamMaxAgeMs } from '../events/streams.ts';
import type { ServiceContext } from './definition.ts';
import { type Job, startJob } from './jobs.ts';

const hour = 3_600_000;
const idempotencyMs = 24 * hour;

/** Removes what the kit's tables need no longer: published events, old inbox rows, replayed dead letters, old idempotency keys. */
export function startPurgeJob(config: CoreConfig, { database, logger, telemetry }: ServiceContext): Job {
  // An event can come again as long as its stream keeps it, or its outbox row is there to be replayed.
  const inboxMs = 2 * streamMaxAgeMs + config.outboxRetentionMs;
  return startJob({
    name: 'purge',
    everyMs: hour,
    logger,
    telemetry,
    async run(signal) {
      await purge(database, signal, {
        name: 'outbox.purge',
        table: 'outbox',
        column: 'published_at',
        olderMs: config.outboxRetentionMs,
      });
      await purge(database, signal, { name: 'inbox.purge', table: 'inbox', column: 'received_at', olderMs: inboxMs });
      // They hold whatever the event told of people. One that nobody has replayed stays until somebody decides.
      await purge(database, signal, {
        name: 'dead_letters.purge',
        table: 'dead_letters',
        column: 'replayed_at',
        olderMs: config.outboxRetentionMs,
      });
      await purge(database, signal, {
        name: 'idempotency.purge',
        table: 'idempotency_keys',
        column: 'created_at',
        olderMs: idempotencyMs,
      });
    },
  });
}

interface Purge {
  name: string;
  table: 'outbox' | 'inbox' | 'dead_letters' | 'idempotency_keys';
  column: string;
  olderMs: number;
}

/** Deletes in small batches, so that no statement holds locks for long. */
async function purge(on: Queryable, signal: AbortSignal, { name, table, column, olderMs }: Purge): Promise<void> {
  const batch = 1_000;
  for (;;) {
    const { rowCount } = await on.query({
      name,
      text: `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
               SELECT ctid FROM ${table} WHERE ${column} < now() - $1 * interval '1 millisecond' LIMIT ${batch}))`,
      values: [olderMs],
    });
    if (signal.aborted || (rowCount ?? 0) < batch) return;
  }
}
