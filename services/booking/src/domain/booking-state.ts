export const bookingStates = [
  'held',
  'pending_approval',
  'confirmed',
  'checked_in',
  'completed',
  'no_show',
  'cancelled',
  'expired',
  'declined',
] as const;
export type BookingState = (typeof bookingStates)[number];

/** What can happen to a booking; `approve_unpaid` is an approval that leaves it waiting for its payment. */
export const bookingMoves = [
  'approve',
  'approve_unpaid',
  'decline',
  'pay',
  'extend_hold',
  'expire',
  'reschedule',
  'check_in',
  'complete',
  'mark_no_show',
  'undo_no_show',
  'cancel',
] as const;
export type BookingMove = (typeof bookingMoves)[number];

// Who pays after the hold has ended is let in where the time is still free: so an expired booking can be paid.
const moves: Record<BookingState, Partial<Record<BookingMove, BookingState>>> = {
  held: { pay: 'confirmed', extend_hold: 'held', expire: 'expired', reschedule: 'held', cancel: 'cancelled' },
  pending_approval: {
    approve: 'confirmed',
    approve_unpaid: 'held',
    decline: 'declined',
    reschedule: 'pending_approval',
    cancel: 'cancelled',
  },
  confirmed: {
    reschedule: 'confirmed',
    check_in: 'checked_in',
    complete: 'completed',
    mark_no_show: 'no_show',
    cancel: 'cancelled',
  },
  checked_in: { complete: 'completed' },
  completed: {},
  no_show: { undo_no_show: 'confirmed' },
  cancelled: {},
  expired: { pay: 'confirmed' },
  declined: {},
};

/** The state after the move; undefined when the state does not allow it. */
export function findNextState(state: BookingState, move: BookingMove): BookingState | undefined {
  return moves[state][move];
}

const claiming: ReadonlySet<BookingState> = new Set<BookingState>([
  'held',
  'pending_approval',
  'confirmed',
  'checked_in',
  'completed',
  'no_show',
]);

/** Whether a booking in the state has claims on the time of staff and resources. What is over keeps what it had. */
export function isClaiming(state: BookingState): boolean {
  return claiming.has(state);
}
