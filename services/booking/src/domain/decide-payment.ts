import type { Booking } from './booking.ts';
import { findNextState } from './booking-state.ts';

/** A payment whose money has been taken. */
export interface CapturedPayment {
  readonly id: string;
  readonly amount: bigint;
  readonly currency: string;
}

/** `confirm`: if its time can (still) be claimed. */
export type PaymentDecision = { readonly confirm: Booking } | 'known' | 'unusable';

/** What a captured payment does to its booking. */
export function decidePayment(booking: Booking, payment: CapturedPayment, now: Date): PaymentDecision {
  if (booking.paymentId === payment.id) return 'known';
  const state = findNextState(booking.state, 'pay');
  const isExact = payment.amount === booking.amountDue && payment.currency === booking.currency;
  const isLapsed = booking.holdExpiresAt === undefined || booking.holdExpiresAt <= now;
  if (!state || !isExact || (isLapsed && booking.startAt <= now)) return 'unusable';
  const paid = { amountPaid: payment.amount, paymentId: payment.id, holdExpiresAt: undefined };
  return { confirm: { ...booking, ...paid, state, version: booking.version + 1, updatedAt: now } };
}
