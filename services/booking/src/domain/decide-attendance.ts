import { advanceBooking, type MoveDecision } from './advance-booking.ts';
import type { Booking } from './booking.ts';
import { findNextState } from './booking-state.ts';
import { minuteMs } from './local-days.ts';

/** How long before the start a customer may be noted as there. */
export const earliestCheckInMinutes = 120;

/** The booking whose customer is there. */
export function decideCheckIn(booking: Booking, now: Date): MoveDecision {
  const from = booking.startAt.getTime() - earliestCheckInMinutes * minuteMs;
  if (findNextState(booking.state, 'check_in') && now.getTime() < from) return { refusal: 'TOO_EARLY' };
  return advanceBooking(booking, 'check_in', { now, checkedInAt: now });
}

/** The booking that was done. */
export function decideCompletion(booking: Booking, now: Date): MoveDecision {
  if (findNextState(booking.state, 'complete') && now < booking.startAt) return { refusal: 'TOO_EARLY' };
  return advanceBooking(booking, 'complete', { now, completedAt: now });
}
