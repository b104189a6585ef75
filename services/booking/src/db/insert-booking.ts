import { type OutgoingEvent, type Queryable, toOutboxRows } from '@mawid/service-kit';
import type { BookedItem, Booking } from '../domain/booking.ts';
import type { Claim } from '../domain/choose-staff.ts';
import { errors } from '../errors.ts';

export interface NewBooking {
  readonly booking: Booking;
  /** In the order of `toClaims`. */
  readonly claims: readonly Claim[];
  readonly event: OutgoingEvent;
}

/** `taken` names whose time another booking has; it is absent where the database does not say. */
export interface InsertOutcome {
  readonly outcome: 'created' | 'taken' | 'id_used';
  readonly taken?: string | undefined;
}

const text = `SELECT outcome, taken FROM create_booking(
  $1, $2, $3, $4::tstzrange[], $5, $6, $7, $8, $9::smallint, $10, $11)`;

/** Writes all of a booking, or nothing, in one statement. */
export async function insertBooking(on: Queryable, { booking, claims, event }: NewBooking): Promise<InsertOutcome> {
  const [row] = toOutboxRows([event]);
  if (!row) throw new Error('an event makes an outbox row');
  const values = [
    toBookingJson(booking),
    JSON.stringify(booking.items.map((item, position) => toItemRow(booking.id, item, position))),
    claims.map(({ subject }) => subject),
    claims.map(toRange),
    booking.createdAt,
    ...[row.id, row.subject, Buffer.from(row.payload), row.lane, row.traceparent, row.tracestate],
  ];
  try {
    const { rows } = await on.query<{ outcome: string; taken: string | null }>({
      name: 'booking.insert',
      text,
      values,
    });
    return { outcome: rows[0]?.outcome as InsertOutcome['outcome'], taken: rows[0]?.taken ?? undefined };
  } catch (error) {
    // Not an outcome: inside a transaction nothing more can be asked after this.
    if (isConflict(error)) throw errors.slotTaken();
    throw error;
  }
}

// The function answers these itself; they can still come from outside of its exception block.
function isConflict(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === '23P01' || code === '40P01';
}

function toRange({ from, to }: Claim): string {
  return `[${new Date(from).toISOString()},${new Date(to).toISOString()})`;
}

function toBookingJson(booking: Booking): string {
  return JSON.stringify({
    id: booking.id,
    salon_id: booking.salonId,
    customer_id: booking.customerId,
    guest_name: booking.guest?.name,
    guest_phone: booking.guest?.phoneNumber || undefined,
    source: booking.source,
    created_by: booking.createdBy,
    overridden: booking.isOverridden,
    reschedule_count: booking.rescheduleCount,
    state: booking.state,
    start_at: booking.startAt,
    end_at: booking.endAt,
    total_amount: String(booking.totalAmount),
    amount_due: String(booking.amountDue),
    amount_paid: String(booking.amountPaid),
    currency: booking.currency,
    hold_expires_at: booking.holdExpiresAt,
    approval_expires_at: booking.approvalExpiresAt,
    payment_policy: booking.paymentPolicy,
    free_until_hours: booking.cancellationPolicy.freeUntilHours,
    late_fee_percent: booking.cancellationPolicy.lateFeePercent,
    no_show_fee_percent: booking.cancellationPolicy.noShowFeePercent,
    customer_note: booking.customerNote,
    salon_name_ar: booking.salonName.ar,
    salon_name_en: booking.salonName.en,
    time_zone: booking.timeZone,
    version: booking.version,
    created_at: booking.createdAt,
    updated_at: booking.updatedAt,
  });
}

function toItemRow(bookingId: string, item: BookedItem, position: number) {
  return {
    booking_id: bookingId,
    position,
    service_id: item.serviceId,
    staff_id: item.staffId,
    any_staff: item.isAnyStaff,
    service_name_ar: item.serviceName.ar,
    service_name_en: item.serviceName.en,
    staff_name_ar: item.staffName.ar,
    staff_name_en: item.staffName.en,
    start_at: item.startAt,
    end_at: item.endAt,
    price_amount: String(item.priceAmount),
    resource_ids: item.resourceIds,
  };
}
