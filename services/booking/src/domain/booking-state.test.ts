import { describe, expect, it } from '@jest/globals';
import { advanceBooking } from './advance-booking.ts';
import { bookingOf, before as hoursBefore } from './booking.test-support.ts';
import {
  type BookingMove,
  type BookingState,
  bookingMoves,
  bookingStates,
  findNextState,
  isClaiming,
} from './booking-state.ts';

/** The rules said once more, move by move: from which states, and to which. */
const rules: Record<BookingMove, [from: BookingState[], to: BookingState | 'same']> = {
  approve: [['pending_approval'], 'confirmed'],
  approve_unpaid: [['pending_approval'], 'held'],
  decline: [['pending_approval'], 'declined'],
  pay: [['held', 'expired'], 'confirmed'],
  extend_hold: [['held'], 'same'],
  expire: [['held'], 'expired'],
  reschedule: [['held', 'pending_approval', 'confirmed'], 'same'],
  check_in: [['confirmed'], 'checked_in'],
  complete: [['confirmed', 'checked_in'], 'completed'],
  mark_no_show: [['confirmed'], 'no_show'],
  undo_no_show: [['no_show'], 'confirmed'],
  cancel: [['held', 'pending_approval', 'confirmed'], 'cancelled'],
};

const pairs = bookingStates.flatMap((state) => bookingMoves.map((move) => [state, move] as const));

describe('findNextState', () => {
  it.each(pairs)('%s: %s', (state, move) => {
    const [from, to] = rules[move];
    expect(findNextState(state, move)).toBe(from.includes(state) ? (to === 'same' ? state : to) : undefined);
  });

  it('leads out of every state but those that are over', () => {
    const over = bookingStates.filter((state) => bookingMoves.every((move) => !findNextState(state, move)));
    expect(over).toEqual(['completed', 'cancelled', 'declined']);
  });

  it('leads back into claiming only by a payment that comes late, where the time is claimed anew', () => {
    const back = pairs.filter(([state, move]) => {
      const next = findNextState(state, move);
      return next && isClaiming(next) && !isClaiming(state);
    });
    expect(back).toEqual([['expired', 'pay']]);
  });
});

describe('isClaiming', () => {
  it('is false where the time was given back', () => {
    expect(bookingStates.filter((state) => !isClaiming(state))).toEqual(['cancelled', 'expired', 'declined']);
  });
});

describe('advanceBooking', () => {
  const now = hoursBefore(1);
  const [holdExpiresAt, approvalExpiresAt] = [hoursBefore(0.5), hoursBefore(0.6)];

  it.each(pairs)('%s: %s keeps the deadlines of its state and no others', (state, move) => {
    const booking = bookingOf({ state, holdExpiresAt, approvalExpiresAt });
    const decision = advanceBooking(booking, move, { now });
    const next = findNextState(state, move);
    if (!next) return expect(decision).toEqual({ refusal: 'BOOKING_STATE_CONFLICT' });
    expect(decision).toEqual({
      move,
      booking: {
        ...booking,
        ...{ state: next, version: 4, updatedAt: now },
        holdExpiresAt: next === 'held' ? holdExpiresAt : undefined,
        approvalExpiresAt: next === 'pending_approval' ? approvalExpiresAt : undefined,
      },
    });
  });
});
