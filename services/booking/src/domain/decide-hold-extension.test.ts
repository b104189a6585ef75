import { describe, expect, it } from '@jest/globals';
import type { Booking } from './booking.ts';
import { bookingStates } from './booking-state.ts';
import { decideHoldExtension, decideHoldExtensionEnd } from './decide-hold-extension.ts';

const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const held = {
  id: 'b',
  state: 'held',
  holdExpiresAt: at('09:10:00'),
  startAt: at('12:00:00'),
  version: 1,
} as Booking;
const extended = { ...held, holdExpiresAt: at('09:18:00'), holdExtension: { paymentId: 'p', endedAt: at('09:10:00') } };

describe('decideHoldExtension', () => {
  const extend = (booking: Booking, now: Date, minutes = 10) => decideHoldExtension(booking, 'p', { now, minutes });

  it('keeps the time for ten more minutes, and remembers the end it had', () => {
    expect(extend(held, at('09:08:00'))).toEqual({ ...extended, version: 2, updatedAt: at('09:08:00') });
  });

  it.each([
    ['one that has lapsed', held, at('09:10:00')],
    ['one that was lengthened before', extended, at('09:09:00')],
    ['one that is long enough', { ...held, holdExpiresAt: at('09:19:00') }, at('09:09:00')],
    ...bookingStates.filter((state) => state !== 'held').map((state) => [state, { ...held, state }, at('09:08:00')]),
  ] as [string, Booking, Date][])('leaves %s alone', (_, booking, now) => {
    expect(extend(booking, now)).toBeUndefined();
  });
});

describe('decideHoldExtensionEnd', () => {
  it.each([
    ['when it would have ended', at('09:09:00'), at('09:10:00')],
    ['at once when that is past', at('09:12:00'), at('09:12:00')],
  ])('lets the hold end %s', (_, now, holdExpiresAt) => {
    expect(decideHoldExtensionEnd(extended, 'p', now)).toEqual({
      ...extended,
      holdExpiresAt,
      version: 2,
      updatedAt: now,
    });
  });

  it.each([
    ['of another payment', extended, 'q', at('09:12:00')],
    ['that was not lengthened', held, 'p', at('09:09:00')],
    ['that was ended before', { ...extended, holdExpiresAt: at('09:12:00') }, 'p', at('09:13:00')],
    ['that has lapsed', extended, 'p', at('09:18:00')],
    ['of a booking that is paid', { ...extended, state: 'confirmed', holdExpiresAt: undefined }, 'p', at('09:12:00')],
  ] as [string, Booking, string, Date][])('leaves a hold alone %s', (_, booking, paymentId, now) => {
    expect(decideHoldExtensionEnd(booking, paymentId, now)).toBeUndefined();
  });
});
