import type {
  BookedItem,
  Booking,
  BookingSource,
  Cancellation,
  CancelledBy,
  Decline,
  HoldExtension,
  NoShow,
} from '../domain/booking.ts';
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
  resource_ids: string[];
}

export interface BookingRow {
  id: string;
  salon_id: string;
  customer_id: string | null;
  guest_name: string | null;
  guest_phone: string | null;
  source: string;
  created_by: string | null;
  overridden: boolean;
  state: string;
  start_at: Date;
  end_at: Date;
  total_amount: bigint;
  amount_due: bigint;
  amount_paid: bigint;
  currency: string;
  hold_expires_at: Date | null;
  hold_ended_at: Date | null;
  hold_payment_id: string | null;
  approval_expires_at: Date | null;
  payment_policy: string;
  free_until_hours: number;
  late_fee_percent: number;
  no_show_fee_percent: number;
  payment_id: string | null;
  cancelled_by: string | null;
  cancel_reason: string | null;
  cancel_fee: bigint | null;
  cancel_refund: bigint | null;
  cancelled_at: Date | null;
  decline_reason: string | null;
  declined_by_deadline: boolean | null;
  declined_at: Date | null;
  checked_in_at: Date | null;
  completed_at: Date | null;
  no_show_fee: bigint | null;
  no_show_refund: bigint | null;
  no_show_at: Date | null;
  no_show_undo_until: Date | null;
  reschedule_count: number;
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
    WHERE i.booking_id = b.id AND m.user_id IS NOT NULL AND m.deleted_at IS NULL) AS staff_user_ids,
  (SELECT json_agg(json_build_object(
       'service_id', i.service_id, 'staff_id', i.staff_id, 'any_staff', i.any_staff,
       'service_name_ar', i.service_name_ar, 'service_name_en', i.service_name_en,
       'staff_name_ar', i.staff_name_ar, 'staff_name_en', i.staff_name_en,
       'start_ms', (extract(epoch FROM i.start_at) * 1000)::bigint,
       'end_ms', (extract(epoch FROM i.end_at) * 1000)::bigint,
       'price_amount', i.price_amount, 'resource_ids', i.resource_ids) ORDER BY i.position)
     FROM booking_items i WHERE i.booking_id = b.id) AS items`;

export function toLoadedBooking(row: BookingRow): LoadedBooking {
  const parties = {
    customerId: row.customer_id ?? undefined,
    managerId: row.manager_id,
    staffUserIds: row.staff_user_ids ?? [],
  };
  return { booking: toBooking(row), parties };
}

function toBooking(row: BookingRow): Booking {
  return {
    id: row.id,
    salonId: row.salon_id,
    customerId: row.customer_id ?? undefined,
    guest: row.guest_name === null ? undefined : { name: row.guest_name, phoneNumber: row.guest_phone ?? '' },
    source: row.source as BookingSource,
    createdBy: row.created_by ?? undefined,
    isOverridden: row.overridden,
    state: row.state as BookingState,
    startAt: row.start_at,
    endAt: row.end_at,
    items: row.items.map(toItem),
    totalAmount: row.total_amount,
    amountDue: row.amount_due,
    amountPaid: row.amount_paid,
    currency: row.currency,
    holdExpiresAt: row.hold_expires_at ?? undefined,
    holdExtension: toHoldExtension(row),
    approvalExpiresAt: row.approval_expires_at ?? undefined,
    paymentPolicy: row.payment_policy as PaymentPolicy,
    cancellationPolicy: {
      freeUntilHours: row.free_until_hours,
      lateFeePercent: row.late_fee_percent,
      noShowFeePercent: row.no_show_fee_percent,
    },
    cancellation: toCancellation(row),
    decline: toDecline(row),
    checkedInAt: row.checked_in_at ?? undefined,
    completedAt: row.completed_at ?? undefined,
    noShow: toNoShow(row),
    rescheduleCount: row.reschedule_count,
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
    resourceIds: row.resource_ids,
  };
}

function toHoldExtension({ hold_ended_at, hold_payment_id }: BookingRow): HoldExtension | undefined {
  if (hold_ended_at === null || hold_payment_id === null) return undefined;
  return { paymentId: hold_payment_id, endedAt: hold_ended_at };
}

function toDecline(row: BookingRow): Decline | undefined {
  if (row.declined_at === null) return undefined;
  const { decline_reason, declined_by_deadline, declined_at } = row;
  return { reason: decline_reason ?? '', isByDeadline: declined_by_deadline === true, declinedAt: declined_at };
}

function toNoShow(row: BookingRow): NoShow | undefined {
  if (row.no_show_at === null) return undefined;
  return {
    feeAmount: row.no_show_fee ?? 0n,
    refundAmount: row.no_show_refund ?? 0n,
    markedAt: row.no_show_at,
    undoUntil: row.no_show_undo_until ?? row.no_show_at,
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
