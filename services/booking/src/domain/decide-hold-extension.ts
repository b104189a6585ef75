import type { Booking } from './booking.ts';
import { findNextState } from './booking-state.ts';
import { minuteMs } from './local-days.ts';

/**
 * The booking with a longer hold for a payer who was sent to the bank's page; undefined when there is no hold any more, when it was
 * lengthened before, or when it is long enough as it is.
 */
export function decideHoldExtension(
  booking: Booking,
  paymentId: string,
  { now, minutes }: { now: Date; minutes: number },
): Booking | undefined {
  const { holdExpiresAt: endedAt, holdExtension } = booking;
  const state = findNextState(booking.state, 'extend_hold');
  if (!state || !endedAt || endedAt <= now || holdExtension) return undefined;
  const holdExpiresAt = new Date(now.getTime() + minutes * minuteMs);
  if (holdExpiresAt <= endedAt) return undefined;
  const version = booking.version + 1;
  return { ...booking, state, holdExpiresAt, holdExtension: { paymentId, endedAt }, version, updatedAt: now };
}

/**
 * The booking whose hold ends when it would have without the payment, which will not come: at once where that is past. Undefined when
 * the hold was not lengthened for that payment, or ends no later anyway. That it was lengthened stays known: it happens once.
 */
export function decideHoldExtensionEnd(booking: Booking, paymentId: string, now: Date): Booking | undefined {
  const { holdExpiresAt, holdExtension } = booking;
  const state = findNextState(booking.state, 'extend_hold');
  if (!state || !holdExpiresAt || holdExtension?.paymentId !== paymentId) return undefined;
  const end = holdExtension.endedAt > now ? holdExtension.endedAt : now;
  if (holdExpiresAt <= end) return undefined;
  return { ...booking, state, holdExpiresAt: end, version: booking.version + 1, updatedAt: now };
}
