import { type Closable, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { expireHolds } from './expire-holds.ts';

export function startJobs(ctx: Context): Closable[] {
  const { logger, telemetry, config } = ctx;
  return [
    startJob({
      name: 'expire-holds',
      everyMs: config.expiryIntervalMs,
      run: (signal) => expireHolds(ctx, signal),
      ...{ logger, telemetry },
    }),
  ];
}
