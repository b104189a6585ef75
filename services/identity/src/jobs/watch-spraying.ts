import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { isSprayed } from '../risk/spraying.ts';

/** Raises the alarm, and ends it, where people look: the gauge, and one line of the log for each change. */
export function startWatchSpraying(ctx: Context): Job {
  const { logger, metrics, telemetry, database } = ctx;
  let wasSprayed = false;
  return startJob({
    name: 'watch-spraying',
    everyMs: 15_000,
    logger,
    telemetry,
    async run() {
      const isNow = await isSprayed(ctx, database);
      metrics.sprayed.set(isNow ? 1 : 0);
      if (isNow && !wasSprayed) logger.warn('codes are being guessed all over the system');
      if (!isNow && wasSprayed) logger.info('codes are no longer being guessed all over the system');
      wasSprayed = isNow;
    },
  });
}
