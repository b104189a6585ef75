import { type Closable, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { LaneName } from '../db/rows.ts';
import { forgetNumbers } from './forget-numbers.ts';
import { sendCode } from './send-code.ts';
import { sendText } from './send-text.ts';
import { type Lane, startLane } from './start-lane.ts';

/** Starts both lanes. They share nothing, so that codes overtake everything. */
export function startLanes(ctx: Context): Record<LaneName, Lane> {
  return {
    code: startLane(ctx, { name: 'code', send: (row) => sendCode(ctx, row) }),
    text: startLane(ctx, { name: 'text', send: (row) => sendText(ctx, row) }),
  };
}

const hourMs = 3_600_000;

export function startJobs(ctx: Context): Closable[] {
  const { logger, telemetry } = ctx;
  const run = (signal: AbortSignal) => forgetNumbers(ctx, signal);
  return [startJob({ name: 'forget-numbers', everyMs: hourMs, run, logger, telemetry })];
}
