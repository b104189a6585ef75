import { describe, expect, it } from '@jest/globals';
import { BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { MessageKind } from './facts.ts';
import { judgeBooking, type Verdict } from './judge-booking.ts';

const { HELD, CONFIRMED, CANCELLED, EXPIRED } = BookingState;

describe('judgeBooking', () => {
  it.each<[string, MessageKind, BookingState, bigint, Verdict]>([
    ['a hold that stands', 'booking_held', HELD, 2n, 'true'],
    ['a hold that was paid', 'booking_held', CONFIRMED, 3n, 'moved'],
    ['a hold that lapsed', 'booking_held', EXPIRED, 3n, 'moved'],
    ['a confirmation that stands', 'booking_confirmed', CONFIRMED, 2n, 'true'],
    ['a confirmation of a booking since changed', 'booking_confirmed', CONFIRMED, 3n, 'moved'],
    ['a confirmation of a booking since cancelled', 'booking_confirmed', CANCELLED, 3n, 'moved'],
    ['a cancellation', 'booking_cancelled', CANCELLED, 2n, 'true'],
    ['a cancellation with later bookkeeping', 'booking_cancelled', CANCELLED, 4n, 'true'],
    ['a booking that does not know this version yet', 'booking_confirmed', HELD, 1n, 'ahead'],
  ])('%s', (_, kind, state, now, verdict) => {
    expect(judgeBooking({ kind, version: 2n }, { state, version: now })).toBe(verdict);
  });
});
