import { advanceBooking, type MovedBooking } from './advance-booking.ts';
import type { Booking } from './booking.ts';
import { decideDecline } from './decide-approval.ts';

/** The booking whose hold has ended. Throws for a booking that is not held: only held ones may be given. */
export function decideExpiry(booking: Booking, now: Date): MovedBooking {
  const decision = advanceBooking(booking, 'expire', { now });
  if ('refusal' in decision) throw new Error(`a ${booking.state} booking has no hold to end`);
  return decision;
}

/** The booking to which its salon has not answered in time. Throws for a booking that does not wait for it. */
export function decideLapse(booking: Booking, now: Date): MovedBooking {
  const decision = decideDecline(booking, { now, reason: '', isByDeadline: true });
  if ('refusal' in decision) throw new Error(`a ${booking.state} booking waits for no approval`);
  return decision;
}
