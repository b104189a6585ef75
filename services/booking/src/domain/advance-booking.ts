import type { Booking } from './booking.ts';
import { type BookingMove, findNextState } from './booking-state.ts';

/** Why something cannot happen to a booking as it stands. */
export type MoveRefusal =
  | 'BOOKING_STATE_CONFLICT'
  | 'BOOKING_NOT_CANCELLABLE'
  | 'BOOKING_NOT_RESCHEDULABLE'
  | 'RESCHEDULE_TOO_LATE'
  | 'TOO_EARLY'
  | 'UNDO_TOO_LATE';

/** A booking after the move that was made. */
export interface MovedBooking {
  readonly booking: Booking;
  readonly move: BookingMove;
}

export type MoveDecision = MovedBooking | { readonly refusal: MoveRefusal };

/** When it happens, and what else changes with it. */
export type MoveChanges = { readonly now: Date } & Partial<Omit<Booking, 'id' | 'state' | 'version' | 'updatedAt'>>;

/**
 * The booking one version further, if its state allows the move. Deadlines go with the state that they belong to: nothing
 * but a held booking has the end of a hold, nothing but a waiting one the end of the wait.
 */
export function advanceBooking(booking: Booking, move: BookingMove, { now, ...changes }: MoveChanges): MoveDecision {
  const state = findNextState(booking.state, move);
  if (!state) return { refusal: 'BOOKING_STATE_CONFLICT' };
  const next = { ...booking, ...changes, state, version: booking.version + 1, updatedAt: now };
  const deadlines = {
    holdExpiresAt: state === 'held' ? next.holdExpiresAt : undefined,
    approvalExpiresAt: state === 'pending_approval' ? next.approvalExpiresAt : undefined,
  };
  return { booking: { ...next, ...deadlines }, move };
}
