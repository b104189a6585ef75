import type { Context } from '../context.ts';
import { forgetGuests as forgetSome } from '../db/forget-guests.ts';

const batch = 500;
const dayMs = 86_400_000;

/** Takes names, numbers and notes of guests off bookings that are long over. */
export async function forgetGuests(ctx: Context, signal: AbortSignal): Promise<void> {
  const endedBefore = new Date(ctx.clock.now().getTime() - ctx.config.guestRetentionDays * dayMs);
  let forgotten = batch;
  while (forgotten === batch && !signal.aborted) {
    forgotten = await forgetSome(ctx.database, { endedBefore, limit: batch });
  }
}
