import type { Context } from '../context.ts';
import { forgetCodeNumbers } from '../db/erasure.ts';

/** Long enough to look into a complaint. */
const keptMs = 7 * 24 * 3_600_000;
const batch = 1_000;

/** Forgets where old codes went: many went to numbers that never became anybody's account, so no erasure will come for them. */
export async function forgetNumbers({ database }: Context, signal: AbortSignal): Promise<void> {
  let forgotten = batch;
  while (forgotten === batch && !signal.aborted) {
    forgotten = await forgetCodeNumbers(database, { olderMs: keptMs, limit: batch });
  }
}
