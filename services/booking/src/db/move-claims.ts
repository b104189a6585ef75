import type { Queryable } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import type { Claim } from '../domain/to-claims.ts';
import { toRange } from './ranges.ts';

export interface ClaimMove {
  /** As it is to be. */
  readonly booking: Booking;
  /** In the order of `toClaims`. */
  readonly claims: readonly Claim[];
  /** Of the calendar by which they were chosen. */
  readonly calendarVersion: number;
}

/** `stale`: the calendar has changed. `taken`: somebody has one of the times. `deadlock`: two bookings were in each other's way. */
export type ClaimMoveOutcome = 'moved' | 'stale' | 'taken' | 'deadlock';

/** Gives up the claims of a locked booking and takes others for it; unless it says `moved`, nothing has changed. */
export async function moveClaims(tx: Queryable, move: ClaimMove): Promise<ClaimMoveOutcome> {
  const { booking, claims, calendarVersion } = move;
  const { rows } = await tx.query<{ outcome: ClaimMoveOutcome }>({
    name: 'claims.move',
    text: 'SELECT move_claims($1, $2, $3, $4::uuid[], $5::tstzrange[], $6, $7) AS outcome',
    values: [
      ...[booking.id, booking.salonId, calendarVersion],
      ...[claims.map(({ subject }) => subject), claims.map(toRange)],
      ...[booking.holdExpiresAt ?? booking.approvalExpiresAt ?? null, booking.updatedAt],
    ],
  });
  return rows[0]?.outcome as ClaimMoveOutcome;
}

/** Sets the moment from which on others may take the time of a booking whose claims stand. */
export async function setClaimsDeadline(tx: Queryable, bookingId: string, deadline: Date): Promise<void> {
  await tx.query({
    name: 'claims.set_deadline',
    text: `UPDATE claims SET hold_expires_at = $2 WHERE id IN (
             SELECT id FROM claims WHERE booking_id = $1 AND active ORDER BY subject, id FOR UPDATE)`,
    values: [bookingId, deadline],
  });
}
