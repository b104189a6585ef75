import { advanceBooking, type MoveDecision } from './advance-booking.ts';
import type { Booking, CancelledBy } from './booking.ts';
import { findNextState } from './booking-state.ts';
import { minuteMs } from './local-days.ts';

const hourMs = 60 * minuteMs;
const quoteMinutes = 10;

export interface CancellationRequest {
  readonly cancelledBy: CancelledBy;
  readonly reason: string;
  readonly now: Date;
  /** What was quoted before, for as long as the quote is good: it counts in place of the policy. */
  readonly quote?: CancellationFigures | undefined;
}

/** What becomes of the money paid. */
export interface CancellationFigures {
  readonly feeAmount: bigint;
  readonly refundAmount: bigint;
}

/** What cancelling costs, for as long as the booking does not change. */
export interface CancellationQuote extends CancellationFigures {
  /** Until when cancelling is free; absent when it is not any more, or always is. */
  readonly freeUntil: Date | undefined;
  readonly validUntil: Date;
}

/** The cancelled booking. What has started cannot be cancelled. */
export function decideCancellation(booking: Booking, request: CancellationRequest): MoveDecision {
  const { cancelledBy, reason, now, quote } = request;
  if (!isCancellable(booking, now)) return { refusal: 'BOOKING_NOT_CANCELLABLE' };
  const { feeAmount, refundAmount } = quote ?? toFigures(booking, request);
  const cancellation = { cancelledBy, reason, feeAmount, refundAmount, cancelledAt: now };
  return advanceBooking(booking, 'cancel', { now, cancellation });
}

/** What cancelling would cost now; undefined when it is not possible. No quote is good beyond the start. */
export function quoteCancellation(
  booking: Booking,
  request: Pick<CancellationRequest, 'cancelledBy' | 'now'>,
): CancellationQuote | undefined {
  const { now } = request;
  if (!isCancellable(booking, now)) return undefined;
  const validUntil = Math.min(now.getTime() + quoteMinutes * minuteMs, booking.startAt.getTime());
  return {
    ...toFigures(booking, request),
    freeUntil: findFreeUntil(booking, request),
    validUntil: new Date(validUntil),
  };
}

/**
 * What is kept of the money paid: nothing unless the customer cancels late, else the policy's share of the total, rounded
 * down, and never more than was paid.
 */
export function toCancellationFee(
  booking: Pick<Booking, 'cancellationPolicy' | 'startAt' | 'totalAmount' | 'amountPaid'>,
  { cancelledBy, now }: Pick<CancellationRequest, 'cancelledBy' | 'now'>,
): bigint {
  if (cancelledBy !== 'customer' || now.getTime() <= toFreeUntil(booking)) return 0n;
  const fee = (booking.totalAmount * BigInt(booking.cancellationPolicy.lateFeePercent)) / 100n;
  return fee < booking.amountPaid ? fee : booking.amountPaid;
}

/** The last moment at which the policy lets a customer off without a fee, in epoch milliseconds. */
export function toFreeUntil({ startAt, cancellationPolicy }: Pick<Booking, 'startAt' | 'cancellationPolicy'>): number {
  return startAt.getTime() - cancellationPolicy.freeUntilHours * hourMs;
}

function isCancellable({ state, startAt }: Booking, now: Date): boolean {
  return findNextState(state, 'cancel') !== undefined && now < startAt;
}

function toFigures(booking: Booking, request: Pick<CancellationRequest, 'cancelledBy' | 'now'>): CancellationFigures {
  const feeAmount = toCancellationFee(booking, request);
  return { feeAmount, refundAmount: booking.amountPaid - feeAmount };
}

function findFreeUntil(
  booking: Booking,
  { cancelledBy, now }: Pick<CancellationRequest, 'cancelledBy' | 'now'>,
): Date | undefined {
  const { freeUntilHours, lateFeePercent } = booking.cancellationPolicy;
  const isAlwaysFree = freeUntilHours === 0 || lateFeePercent === 0 || booking.amountDue === 0n;
  const until = toFreeUntil(booking);
  return cancelledBy !== 'customer' || isAlwaysFree || until < now.getTime() ? undefined : new Date(until);
}
