import type { Queryable } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';

const text = `
  UPDATE bookings
     SET state = $3, amount_paid = $4, hold_expires_at = $5, payment_id = $6, cancelled_by = $7, cancel_reason = $8,
         cancel_fee = $9, cancel_refund = $10, cancelled_at = $11, version = $12, updated_at = $13
   WHERE id = $1 AND version = $2`;

/** Writes what can change of a booking. Throws when it is not at the version before: the caller holds its lock. */
export async function updateBooking(tx: Queryable, booking: Booking): Promise<void> {
  const { cancellation } = booking;
  const values = [
    booking.id,
    booking.version - 1,
    booking.state,
    booking.amountPaid,
    booking.holdExpiresAt ?? null,
    booking.paymentId ?? null,
    cancellation?.cancelledBy ?? null,
    cancellation?.reason ?? null,
    cancellation?.feeAmount ?? null,
    cancellation?.refundAmount ?? null,
    cancellation?.cancelledAt ?? null,
    booking.version,
    booking.updatedAt,
  ];
  const { rowCount } = await tx.query({ name: 'booking.update', text, values });
  if (rowCount !== 1) throw new Error(`booking ${booking.id} is not at version ${booking.version - 1}`);
}
