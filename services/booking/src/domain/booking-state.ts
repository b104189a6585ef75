export const bookingStates = ['held', 'confirmed', 'cancelled', 'expired'] as const;
export type BookingState = (typeof bookingStates)[number];

/** What can happen to a booking. */
export const bookingMoves = ['pay', 'cancel', 'expire'] as const;
export type BookingMove = (typeof bookingMoves)[number];

// Who pays after the hold has ended is let in where the time is still free: so an expired booking can be paid.
const moves: Record<BookingState, Partial<Record<BookingMove, BookingState>>> = {
  held: { pay: 'confirmed', cancel: 'cancelled', expire: 'expired' },
  confirmed: { cancel: 'cancelled' },
  cancelled: {},
  expired: { pay: 'confirmed' },
};

/** The state after the move; undefined when the state does not allow it. */
export function findNextState(state: BookingState, move: BookingMove): BookingState | undefined {
  return moves[state][move];
}

/** Whether a booking in the state has claims on its staff's time. */
export function isClaiming(state: BookingState): boolean {
  return state === 'held' || state === 'confirmed';
}
