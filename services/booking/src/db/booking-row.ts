import type { BookedItem, Booking, Cancellation, CancelledBy } from '../domain/booking.ts';
import type { BookingParties } from '../domain/booking-rights.ts';
import type { BookingState } from '../domain/booking-state.ts';
import type { PaymentPolicy } from '../domain/calendar.ts';

/** A booking with those who may see it. */
export interface LoadedBooking {
  readonly booking: Booking;
  readonly parties: BookingParties;
}

interface ItemRow {
  service_id: string;
  staff_id: string;
  any_staff: boolean;
  service_name_ar: string;
  service_name_en: string;
  staff_name_ar: string;
  staff_name_en: string;
  start_ms: number;
  end_ms: number;
  price_amount: number;
}

export interface BookingRow {
  id: string;
  salon_id: string;
  customer_id: string;
  state: string;
  start_at: Date;
  end_at: Date;
  total_amount: bigint;
  amount_due: bigint;
  amount_paid: bigint;
  currency: string;
  hold_expires_at: Date | null;
  payment_policy: string;
  free_until_hours: number;
  late_fee_percent: number;
  payment_id: string | null;
  cancelled_by: string | null;
  cancel_reason: string | null;
  cancel_fee: bigint | null;
  cancel_refund: bigint | null;
  cancelled_at: Date | null;
  customer_note: string;
  salon_name_ar: string;
  salon_name_en: string;
  time_zone: string;
  version: bigint;
  created_at: Date;
  updated_at: Date;
  items: ItemRow[];
  manager_id: string;
  staff_user_ids: string[] | null;
}

/** What is selected to make BookingRows; `b` is the booking. */
export const bookingColumns = `b.*,
  (SELECT manager_id FROM salons WHERE id = b.salon_id) AS manager_id,
  (SELECT array_agg(m.user_id::text) FROM booking_items i JOIN staff_members m ON m.id = i.staff_id
    WHERE i.booking_id = b.id AND m.user_id IS NOT NULL) AS staff_user_ids,
  (SELECT json_agg(json_build_object(
       'service_id', i.service_id, 'staff_id', i.staff_id, 'any_staff', i.any_staff,
       'service_name_ar', i.service_name_ar, 'service_name_en', i.service_name_en,
       'staff_name_ar', i.staff_name_ar, 'staff_name_en', i.staff_name_en,
       'start_ms', (extract(epoch FROM i.start_at) * 1000)::bigint,
       'end_ms', (extract(epoch FROM i.end_at) * 1000)::bigint,
       'price_amount', i.price_amount) ORDER BY i.position)
     FROM booking_items i WHERE i.booking_id = b.id) AS items`;

export function toLoadedBooking(row: BookingRow): LoadedBooking {
  const parties = { customerId: row.customer_id, managerId: row.manager_id, staffUserIds: row.staff_user_ids ?? [] };
  return { booking: toBooking(row), parties };
}

function toBooking(row: BookingRow): Booking {
  return {
    id: row.id,
    salonId: row.salon_id,
    customerId: row.customer_id,
    state: row.state as BookingState,
    startAt: row.start_at,
    endAt: row.end_at,
    items: row.items.map(toItem),
    totalAmount: row.total_amount,
    amountDue: row.amount_due,
    amountPaid: row.amount_paid,
    currency: row.currency,
    holdExpiresAt: row.hold_expires_at ?? undefined,
    paymentPolicy: row.payment_policy as PaymentPolicy,
    cancellationPolicy: { freeUntilHours: row.free_until_hours, lateFeePercent: row.late_fee_percent },
    cancellation: toCancellation(row),
    paymentId: row.payment_id ?? undefined,
    customerNote: row.customer_note,
    salonName: { ar: row.salon_name_ar, en: row.salon_name_en },
    timeZone: row.time_zone,
    version: Number(row.version),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toItem(row: ItemRow): BookedItem {
  return {
    serviceId: row.service_id,
    staffId: row.staff_id,
    isAnyStaff: row.any_staff,
    serviceName: { ar: row.service_name_ar, en: row.service_name_en },
    staffName: { ar: row.staff_name_ar, en: row.staff_name_en },
    startAt: new Date(row.start_ms),
    endAt: new Date(row.end_ms),
    priceAmount: BigInt(row.price_amount),
  };
}

function toCancellation(row: BookingRow): Cancellation | undefined {
  if (row.cancelled_at === null) return undefined;
  return {
    cancelledBy: row.cancelled_by as CancelledBy,
    reason: row.cancel_reason ?? '',
    feeAmount: row.cancel_fee ?? 0n,
    refundAmount: row.cancel_refund ?? 0n,
    cancelledAt: row.cancelled_at,
  };
}
