import { saveMove } from '../booking/save-move.ts';
import type { Context } from '../context.ts';
import { type LapsingState, lockLapsed } from '../db/lock-lapsed.ts';
import type { MovedBooking } from '../domain/advance-booking.ts';
import type { Booking } from '../domain/booking.ts';

const batch = 100;

export interface Lapse {
  readonly state: LapsingState;
  decide(booking: Booking, now: Date): MovedBooking;
}

/** Ends what has run out, batch by batch, whatever other processes do at the same time. */
export async function endLapsed(ctx: Context, signal: AbortSignal, lapse: Lapse): Promise<void> {
  let ended = batch;
  while (ended === batch && !signal.aborted) ended = await endSome(ctx, lapse);
}

async function endSome(ctx: Context, { state, decide }: Lapse): Promise<number> {
  const now = ctx.clock.now();
  // A batch releases claims booking by booking; a claimer that releases lapsed ones goes by their subjects.
  const ended = await ctx.database.transaction(
    async (tx) => {
      const bookings = await lockLapsed(tx, state, { now, limit: batch });
      for (const before of bookings) {
        await saveMove(ctx, tx, { ...decide(before, now), before, actor: { kind: 'system' } });
      }
      return bookings.length;
    },
    { retries: 3 },
  );
  if (ended > 0) ctx.relay.wake();
  return ended;
}
