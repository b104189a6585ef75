import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { rotateOnSchedule } from '../keys/rotate-on-schedule.ts';

export function startRotateSigningKeys(ctx: Context): Job {
  const { logger, telemetry } = ctx;
  return startJob({
    name: 'rotate-signing-keys',
    everyMs: 600_000,
    logger,
    telemetry,
    run: () => rotateOnSchedule(ctx),
  });
}
