import type { Queryable } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import type { BookingState } from '../domain/booking-state.ts';
import { type BookingRow, bookingColumns, toLoadedBooking } from './booking-row.ts';

/** Whose bookings are listed. */
export type BookingScope =
  | { readonly customerId: string }
  | { readonly salonId: string }
  | { readonly salonId: string; readonly staffUserId: string };

export interface BookingQuery {
  readonly scope: BookingScope;
  readonly state?: BookingState | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly startAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

// One text per scope, so that each has an index of its own to walk.
const conditions = {
  customer: 'b.customer_id = $1 AND $2::uuid IS NULL',
  salon: 'b.salon_id = $1 AND $2::uuid IS NULL',
  staff: `b.salon_id = $1 AND EXISTS (
    SELECT FROM booking_items i JOIN staff_members m ON m.id = i.staff_id
     WHERE i.booking_id = b.id AND m.user_id = $2::uuid)`,
} as const;

/** Latest start first. */
export async function listBookings(on: Queryable, query: BookingQuery): Promise<Booking[]> {
  const { kind, ids } = toCondition(query.scope);
  const { rows } = await on.query<BookingRow>({
    name: `booking.list_${kind}`,
    text: `SELECT ${bookingColumns} FROM bookings b
            WHERE ${conditions[kind]} AND ($3::text IS NULL OR b.state = $3)
              AND ($4::timestamptz IS NULL OR (b.start_at, b.id) < ($4, $5::uuid))
            ORDER BY b.start_at DESC, b.id DESC LIMIT $6`,
    values: [...ids, query.state ?? null, query.after?.startAt ?? null, query.after?.id ?? null, query.limit],
  });
  return rows.map((row) => toLoadedBooking(row).booking);
}

function toCondition(scope: BookingScope): { kind: keyof typeof conditions; ids: (string | null)[] } {
  if ('customerId' in scope) return { kind: 'customer', ids: [scope.customerId, null] };
  if ('staffUserId' in scope) return { kind: 'staff', ids: [scope.salonId, scope.staffUserId] };
  return { kind: 'salon', ids: [scope.salonId, null] };
}
