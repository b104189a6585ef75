import { insertEvents } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { releaseClaims } from '../db/claims.ts';
import { lockLapsedHolds } from '../db/lock-lapsed-holds.ts';
import { updateBooking } from '../db/update-booking.ts';
import { decideExpiry } from '../domain/decide-expiry.ts';
import { toBookingEvent } from '../messages/to-booking-event.ts';

const batch = 100;

/** Ends the holds that were not paid in time. */
export async function expireHolds(ctx: Context, signal: AbortSignal): Promise<void> {
  let expired = batch;
  while (expired === batch && !signal.aborted) expired = await expireSome(ctx);
}

async function expireSome(ctx: Context): Promise<number> {
  const now = ctx.clock.now();
  const expired = await ctx.database.transaction(async (tx) => {
    const bookings = (await lockLapsedHolds(tx, now, batch)).map((booking) => decideExpiry(booking, now));
    if (bookings.length === 0) return 0;
    for (const booking of bookings) await updateBooking(tx, booking);
    await releaseClaims(
      tx,
      bookings.map(({ id }) => id),
    );
    await insertEvents(tx, bookings.map(toBookingEvent));
    return bookings.length;
  });
  if (expired > 0) ctx.relay.wake();
  ctx.metrics.transitions.inc({ state: 'expired' }, expired);
  return expired;
}
