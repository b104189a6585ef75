import { describe, expect, it } from '@jest/globals';
import type { MessageKind } from './facts.ts';
import { judgeBooking, type Verdict } from './judge-booking.ts';

describe('judgeBooking', () => {
  it.each<[string, MessageKind, 'stands' | 'cancelled', bigint, Verdict]>([
    ['a hold that stands', 'booking_held', 'stands', 2n, 'true'],
    ['a hold that was paid', 'booking_held', 'stands', 3n, 'moved'],
    ['a hold that lapsed', 'booking_held', 'stands', 3n, 'moved'],
    ['a confirmation that stands', 'booking_confirmed', 'stands', 2n, 'true'],
    ['a confirmation of a booking since changed', 'booking_confirmed', 'stands', 3n, 'moved'],
    ['a confirmation of a booking since cancelled', 'booking_confirmed', 'cancelled', 3n, 'moved'],
    ['a cancellation', 'booking_cancelled', 'cancelled', 2n, 'true'],
    ['a cancellation with later bookkeeping', 'booking_cancelled', 'cancelled', 4n, 'true'],
    ['a booking that does not know this version yet', 'booking_confirmed', 'stands', 1n, 'ahead'],
  ])('%s', (_, kind, state, version, verdict) => {
    expect(judgeBooking({ kind, version: 2n }, { isCancelled: state === 'cancelled', version })).toBe(verdict);
  });
});
