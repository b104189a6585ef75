import type { Booking } from './booking.ts';
import { findNextState } from './booking-state.ts';

/** The booking whose hold has ended. Throws for a booking that is not held: only held ones may be given. */
export function decideExpiry(booking: Booking, now: Date): Booking {
  const state = findNextState(booking.state, 'expire');
  if (!state) throw new Error(`a ${booking.state} booking has no hold to end`);
  return { ...booking, state, holdExpiresAt: undefined, version: booking.version + 1, updatedAt: now };
}
