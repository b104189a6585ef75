import { advanceBooking, type MoveDecision } from './advance-booking.ts';
import type { Booking } from './booking.ts';
import { minuteMs } from './local-days.ts';

export interface Approval {
  readonly now: Date;
  /** How long an approved booking that is to be paid first keeps its time. */
  readonly holdMinutes: number;
}

/** The approved booking: confirmed, or held until it is paid. Once its deadline has come it is as good as declined. */
export function decideApproval(booking: Booking, { now, holdMinutes }: Approval): MoveDecision {
  const { approvalExpiresAt } = booking;
  if (approvalExpiresAt && approvalExpiresAt <= now) return { refusal: 'BOOKING_STATE_CONFLICT' };
  if (booking.amountDue === booking.amountPaid) return advanceBooking(booking, 'approve', { now });
  const holdExpiresAt = new Date(now.getTime() + holdMinutes * minuteMs);
  return advanceBooking(booking, 'approve_unpaid', { now, holdExpiresAt });
}

export interface Refusal {
  readonly now: Date;
  readonly reason: string;
  /** Whether the salon did not answer in time. */
  readonly isByDeadline: boolean;
}

/** The declined booking. */
export function decideDecline(booking: Booking, { now, reason, isByDeadline }: Refusal): MoveDecision {
  return advanceBooking(booking, 'decline', { now, decline: { reason, isByDeadline, declinedAt: now } });
}
