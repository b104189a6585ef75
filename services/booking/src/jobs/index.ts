import { type Closable, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { declineUnanswered } from './decline-unanswered.ts';
import { expireHolds } from './expire-holds.ts';
import { forgetGuests } from './forget-guests.ts';

const dayMs = 86_400_000;

export function startJobs(ctx: Context): Closable[] {
  const { logger, telemetry, config } = ctx;
  const start = (name: string, everyMs: number, run: (ctx: Context, signal: AbortSignal) => Promise<void>) =>
    startJob({ name, everyMs, run: (signal) => run(ctx, signal), logger, telemetry });
  return [
    start('expire-holds', config.expiryIntervalMs, expireHolds),
    start('decline-unanswered', config.expiryIntervalMs, declineUnanswered),
    start('forget-guests', dayMs, forgetGuests),
  ];
}
