import { describe, expect, it } from '@jest/globals';
import type { Booking } from './booking.ts';
import { type BookingState, bookingStates } from './booking-state.ts';
import { decidePayment } from './decide-payment.ts';

const now = new Date('2026-11-22T09:00:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const payment = { id: 'p', amount: 10_000n, currency: 'SAR' };

function bookingIn(state: BookingState): Booking {
  const holdExpiresAt = state === 'held' ? later(10) : undefined;
  return {
    ...({ id: 'b', state, amountDue: 10_000n, currency: 'SAR', startAt: later(60), version: 2 } as Booking),
    ...{ holdExpiresAt, paymentId: undefined },
  };
}

describe('a captured payment', () => {
  it('confirms a booking that waits for it or has waited for it, and no other', () => {
    const outcomes = bookingStates.map((state) => {
      const decision = decidePayment(bookingIn(state), payment, now);
      return [state, typeof decision === 'string' ? decision : decision.confirm.state];
    });
    expect(Object.fromEntries(outcomes)).toEqual({
      held: 'confirmed',
      pending_approval: 'unusable',
      confirmed: 'unusable',
      checked_in: 'unusable',
      completed: 'unusable',
      no_show: 'unusable',
      cancelled: 'unusable',
      expired: 'confirmed',
      declined: 'unusable',
    });
  });

  it.each(bookingStates)('changes nothing when it has paid for a booking that is %s by now', (state) => {
    expect(decidePayment({ ...bookingIn(state), paymentId: 'p' }, payment, now)).toBe('known');
  });

  it.each(['held', 'expired'] as const)('is unusable for one that is %s when it is not what was due', (state) => {
    const wrong = [{ amount: 9_999n }, { amount: 10_001n }, { amount: 0n }, { currency: 'USD' }];
    const outcomes = wrong.map((change) => decidePayment(bookingIn(state), { ...payment, ...change }, now));
    expect(outcomes).toEqual(wrong.map(() => 'unusable'));
  });

  it('is unusable for an expired booking that would have begun', () => {
    expect(decidePayment(bookingIn('expired'), payment, later(60))).toBe('unusable');
    expect(decidePayment(bookingIn('expired'), payment, later(59))).toMatchObject({ confirm: { state: 'confirmed' } });
  });

  it('keeps what is known of a lengthened hold', () => {
    const holdExtension = { paymentId: 'p', endedAt: later(5) };
    const decision = decidePayment({ ...bookingIn('held'), holdExtension }, payment, now);
    expect(decision).toMatchObject({ confirm: { holdExtension, holdExpiresAt: undefined } });
  });
});
