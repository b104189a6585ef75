import type { Booking, Cancellation, CancelledBy } from './booking.ts';
import { findNextState } from './booking-state.ts';

const hourMs = 3_600_000;

export interface CancellationRequest {
  readonly cancelledBy: CancelledBy;
  readonly reason: string;
  readonly now: Date;
}

/** The cancelled booking; undefined when it cannot be cancelled (any more). */
export function decideCancellation(booking: Booking, request: CancellationRequest): Booking | undefined {
  const state = findNextState(booking.state, 'cancel');
  if (!state || booking.startAt <= request.now) return undefined;
  const feeAmount = toCancellationFee(booking, request);
  const cancellation: Cancellation = {
    cancelledBy: request.cancelledBy,
    reason: request.reason,
    feeAmount,
    refundAmount: booking.amountPaid - feeAmount,
    cancelledAt: request.now,
  };
  return {
    ...booking,
    ...{ state, cancellation, holdExpiresAt: undefined },
    ...{ version: booking.version + 1, updatedAt: request.now },
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
  const { freeUntilHours, lateFeePercent } = booking.cancellationPolicy;
  const isFree = now.getTime() <= booking.startAt.getTime() - freeUntilHours * hourMs;
  if (cancelledBy !== 'customer' || isFree) return 0n;
  const fee = (booking.totalAmount * BigInt(lateFeePercent)) / 100n;
  return fee < booking.amountPaid ? fee : booking.amountPaid;
}
