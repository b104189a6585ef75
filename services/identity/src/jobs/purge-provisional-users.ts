import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { deleteForgettableUsers, lockForgettableUsers } from '../db/user-states.ts';
import { forgetProvisionalUsers } from '../users/forget-provisional-users.ts';

const keptMs = 24 * 3_600_000;
const batchSize = 200;

export function startPurgeProvisionalUsers(ctx: Context): Job {
  const { logger, telemetry } = ctx;
  return startJob({
    name: 'purge-provisional-users',
    everyMs: 600_000,
    logger,
    telemetry,
    run: (signal) => purgeProvisionalUsers(ctx, signal),
  });
}

/** Deletes who has not shown within a day that the number is theirs, unless a code is on its way to them. */
export async function purgeProvisionalUsers(ctx: Context, signal?: AbortSignal): Promise<void> {
  let count = batchSize;
  while (count === batchSize && !signal?.aborted) count = await purgeBatch(ctx);
}

async function purgeBatch(ctx: Context): Promise<number> {
  const now = ctx.clock.now();
  const madeBefore = new Date(now.getTime() - keptMs);
  const count = await ctx.database.transaction(async (tx) => {
    const ids = await lockForgettableUsers(tx, { madeBefore, now, limit: batchSize });
    const users = await deleteForgettableUsers(tx, ids, now);
    await forgetProvisionalUsers(ctx, tx, { users, reason: 'never_verified' });
    return ids.length;
  });
  ctx.relay.wake();
  return count;
}
