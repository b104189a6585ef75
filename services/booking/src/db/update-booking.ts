import type { Queryable } from '@mawid/service-kit';
import type { BookedItem, Booking } from '../domain/booking.ts';

const text = `
  UPDATE bookings
     SET state = $3, amount_paid = $4, hold_expires_at = $5, payment_id = $6, cancelled_by = $7, cancel_reason = $8,
         cancel_fee = $9, cancel_refund = $10, cancelled_at = $11, version = $12, updated_at = $13, start_at = $14,
         end_at = $15, overridden = $16, hold_ended_at = $17, hold_payment_id = $18, approval_expires_at = $19,
         decline_reason = $20, declined_by_deadline = $21, declined_at = $22, checked_in_at = $23, completed_at = $24,
         no_show_fee = $25, no_show_refund = $26, no_show_at = $27, no_show_undo_until = $28, reschedule_count = $29
   WHERE id = $1 AND version = $2`;

/** Writes what can change of a booking, less its items. Throws when it is not at the version before: the caller holds its lock. */
export async function updateBooking(tx: Queryable, booking: Booking): Promise<void> {
  const values = [booking.id, booking.version - 1, ...toStateValues(booking), ...toOutcomeValues(booking)];
  const { rowCount } = await tx.query({ name: 'booking.update', text, values });
  if (rowCount !== 1) throw new Error(`booking ${booking.id} is not at version ${booking.version - 1}`);
}

function toStateValues(booking: Booking): unknown[] {
  const { cancellation, holdExtension } = booking;
  return [
    booking.state,
    booking.amountPaid,
    booking.holdExpiresAt,
    booking.paymentId,
    cancellation?.cancelledBy,
    cancellation?.reason,
    cancellation?.feeAmount,
    cancellation?.refundAmount,
    cancellation?.cancelledAt,
    booking.version,
    booking.updatedAt,
    booking.startAt,
    booking.endAt,
    booking.isOverridden,
    holdExtension?.endedAt,
    holdExtension?.paymentId,
    booking.approvalExpiresAt,
  ];
}

function toOutcomeValues({ decline, checkedInAt, completedAt, noShow, rescheduleCount }: Booking): unknown[] {
  return [
    decline?.reason,
    decline?.isByDeadline,
    decline?.declinedAt,
    checkedInAt,
    completedAt,
    noShow?.feeAmount,
    noShow?.refundAmount,
    noShow?.markedAt,
    noShow?.undoUntil,
    rescheduleCount,
  ];
}

/** Writes the items of a booking that was moved: when, by whom and with what each is done. */
export async function updateItems(tx: Queryable, { id, items }: Booking): Promise<void> {
  await tx.query({
    name: 'booking_items.update',
    text: `UPDATE booking_items i
              SET staff_id = n.staff_id, any_staff = n.any_staff, staff_name_ar = n.staff_name_ar,
                  staff_name_en = n.staff_name_en, start_at = n.start_at, end_at = n.end_at, resource_ids = n.resource_ids
             FROM json_to_recordset($2) AS n(position smallint, staff_id uuid, any_staff boolean, staff_name_ar text,
                  staff_name_en text, start_at timestamptz, end_at timestamptz, resource_ids uuid[])
            WHERE i.booking_id = $1 AND i.position = n.position`,
    values: [id, JSON.stringify(items.map(toItemJson))],
  });
}

function toItemJson({ staffId, isAnyStaff, staffName, startAt, endAt, resourceIds }: BookedItem, position: number) {
  return {
    ...{ position, staff_id: staffId, any_staff: isAnyStaff, start_at: startAt, end_at: endAt },
    ...{ staff_name_ar: staffName.ar, staff_name_en: staffName.en, resource_ids: resourceIds },
  };
}
