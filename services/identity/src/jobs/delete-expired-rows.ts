import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { deleteExpiredRows } from '../db/expired-rows.ts';

// Longer than the longest window that counts sends.
const keptMs = 48 * 3_600_000;

export function startDeleteExpiredRows({ clock, database, logger, telemetry }: Context): Job {
  return startJob({
    name: 'delete-expired-rows',
    everyMs: 3_600_000,
    logger,
    telemetry,
    run: (signal) => deleteExpiredRows(database, new Date(clock.now().getTime() - keptMs), signal),
  });
}
