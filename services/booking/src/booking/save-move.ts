import { insertEvents, type Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { insertBookingChange } from '../db/booking-changes.ts';
import { releaseClaims } from '../db/claims.ts';
import { updateBooking } from '../db/update-booking.ts';
import type { MovedBooking } from '../domain/advance-booking.ts';
import type { Actor, Booking } from '../domain/booking.ts';
import { isClaiming } from '../domain/booking-state.ts';
import { toMoveEvent } from '../messages/to-move-event.ts';

/** Something that has been decided about a booking which the transaction has locked. */
export interface DecidedMove extends MovedBooking {
  readonly before: Booking;
  readonly actor: Actor;
  /** In the actor's words. */
  readonly reason?: string | undefined;
  /** Whether the salon's rules were set aside for it. */
  readonly isOverridden?: boolean | undefined;
}

/**
 * Writes all that belongs to a change of a booking: its row, its claims where it gives its time back, a line of its history,
 * its event. Whoever moves it into a state that claims time has made sure of the claims before.
 */
export async function saveMove(ctx: Context, tx: Queryable, decided: DecidedMove): Promise<void> {
  const { booking, before, move, actor, reason = '', isOverridden = false } = decided;
  const { id, version, state, startAt, updatedAt: at } = booking;
  await updateBooking(tx, booking);
  if (isClaiming(before.state) && !isClaiming(state)) await releaseClaims(tx, [id]);
  await insertBookingChange(tx, id, { version, move, state, startAt, actor, reason, isOverridden, at });
  await insertEvents(tx, [toMoveEvent(decided)]);
  if (state !== before.state) ctx.metrics.transitions.inc({ state });
}
