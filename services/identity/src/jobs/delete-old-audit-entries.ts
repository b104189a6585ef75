import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { deleteOldAuditEntries as deleteBatch } from '../db/audit-log.ts';

const dayMs = 24 * 3_600_000;
// The log's guard goes by the database's clock.
const clockSlackMs = 3_600_000;
const batchSize = 2_000;

export function startDeleteOldAuditEntries(ctx: Context): Job {
  const { logger, telemetry } = ctx;
  return startJob({
    name: 'delete-old-audit-entries',
    everyMs: 3_600_000,
    logger,
    telemetry,
    run: (signal) => deleteOldAuditEntries(ctx, signal),
  });
}

export async function deleteOldAuditEntries(
  { clock, config, database }: Pick<Context, 'clock' | 'config' | 'database'>,
  signal?: AbortSignal,
): Promise<void> {
  const keptDays = config.auditRetentionDays;
  const before = new Date(clock.now().getTime() - keptDays * dayMs - clockSlackMs);
  let count = batchSize;
  while (count === batchSize && !signal?.aborted) {
    count = await database.transaction((tx) => deleteBatch(tx, { before, keptDays, limit: batchSize }));
  }
}
