import { describe, expect, it } from '@jest/globals';
import { durableName } from './durable.ts';
import { laneCount, laneOf } from './lane.ts';
import { defaultRetryPolicy, delayAfter } from './retry-policy.ts';

describe('laneOf', () => {
  it('gives an aggregate one lane, and uses all of them', () => {
    const lanes = Array.from({ length: 500 }, (_, index) => laneOf(`booking-${index}`));
    expect(new Set(lanes).size).toBe(laneCount);
    expect(Math.max(...lanes)).toBe(laneCount - 1);
    expect(laneOf('booking-1')).toBe(laneOf('booking-1'));
  });
});

describe('delayAfter', () => {
  it('grows, then stays', () => {
    expect([1, 2, 3, 4, 5, 6, 9].map((count) => delayAfter(defaultRetryPolicy, count))).toEqual([
      ...[1_000, 5_000, 30_000, 120_000, 600_000, 600_000, 600_000],
    ]);
  });
});

describe('durableName', () => {
  it('has no dots', () => {
    expect(durableName('notify', 'booking.booking.v1.confirmed')).toBe('notify__booking_booking_v1_confirmed');
  });
});
