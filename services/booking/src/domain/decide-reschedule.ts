import type { MoveRefusal } from './advance-booking.ts';
import type { Booking } from './booking.ts';
import type { Relation } from './booking-rights.ts';
import { findNextState } from './booking-state.ts';
import { toFreeUntil } from './decide-cancellation.ts';

/**
 * Why the booking cannot be moved to any other time; undefined when it can. A hold or a wait that has run out is over, though
 * nobody has written it down yet. Customers move a booking until the policy's hours before its start, its salon until it starts.
 */
export function refuseReschedule(
  booking: Booking,
  { by, now }: { readonly by: Relation; readonly now: Date },
): MoveRefusal | undefined {
  const deadline = booking.holdExpiresAt ?? booking.approvalExpiresAt;
  const isOver = booking.startAt <= now || (deadline !== undefined && deadline <= now);
  if (isOver || !findNextState(booking.state, 'reschedule')) return 'BOOKING_NOT_RESCHEDULABLE';
  return by === 'customer' && toFreeUntil(booking) < now.getTime() ? 'RESCHEDULE_TOO_LATE' : undefined;
}
