import { advanceBooking, type MoveDecision } from './advance-booking.ts';
import type { Booking } from './booking.ts';
import { findNextState } from './booking-state.ts';
import { minuteMs } from './local-days.ts';

export interface NoShowMark {
  readonly now: Date;
  /** How long the mark can be taken back. */
  readonly undoMinutes: number;
}

/** The booking to which nobody came, with what is kept of the money. */
export function decideNoShow(booking: Booking, { now, undoMinutes }: NoShowMark): MoveDecision {
  if (findNextState(booking.state, 'mark_no_show') && now < booking.startAt) return { refusal: 'TOO_EARLY' };
  const feeAmount = toNoShowFee(booking);
  const refundAmount = booking.amountPaid - feeAmount;
  const undoUntil = new Date(now.getTime() + undoMinutes * minuteMs);
  return advanceBooking(booking, 'mark_no_show', {
    now,
    noShow: { feeAmount, refundAmount, markedAt: now, undoUntil },
  });
}

/** The booking as it was before the mark. From `undoUntil` on money may be on its way back. */
export function decideNoShowUndo(booking: Booking, now: Date): MoveDecision {
  if (booking.noShow && booking.noShow.undoUntil <= now) return { refusal: 'UNDO_TOO_LATE' };
  return advanceBooking(booking, 'undo_no_show', { now, noShow: undefined });
}

/** The policy's share of the total, rounded down, and never more than was paid. */
function toNoShowFee({ cancellationPolicy, totalAmount, amountPaid }: Booking): bigint {
  const fee = (totalAmount * BigInt(cancellationPolicy.noShowFeePercent)) / 100n;
  return fee < amountPaid ? fee : amountPaid;
}
