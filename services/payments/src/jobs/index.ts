import { type Closable, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { findDueWork } from '../db/due-work.ts';
import type { JobName } from '../wakes.ts';
import { checkPayments } from './check-payments.ts';
import { processWebhooks } from './process-webhooks.ts';
import { sendRefunds } from './send-refunds.ts';

const jobs: Record<JobName, (ctx: Context, signal: AbortSignal) => Promise<void>> = {
  'check-payments': checkPayments,
  'process-webhooks': processWebhooks,
  'send-refunds': sendRefunds,
};

/** Starts the jobs; each is woken by those who write its work, and looks by itself now and then. */
export function startJobs(ctx: Context): Closable[] {
  return (Object.keys(jobs) as JobName[]).map((name) => {
    const { logger, telemetry, config } = ctx;
    const run = (signal: AbortSignal) => jobs[name](ctx, signal);
    const job = startJob({ name, everyMs: config.jobIntervalMs, run, logger, telemetry });
    ctx.wakes.bind(name, () => job.wake());
    return {
      close: () => job.close(),
      settled: async () => !(await findDueWork(ctx.database, ctx.clock.now())).has(name),
    };
  });
}
