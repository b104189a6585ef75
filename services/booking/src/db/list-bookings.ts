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
  /** Only those that end after this moment. */
  readonly from?: Date | undefined;
  /** Only those that start before this moment. */
  readonly to?: Date | undefined;
  /** Only those in which this staff member does something. */
  readonly staffId?: string | undefined;
  /** The last one of the page before. */
  readonly after?: { readonly startAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

const conditions = {
  customer: 'b.customer_id = $1 AND $2::uuid IS NULL',
  salon: 'b.salon_id = $1 AND $2::uuid IS NULL',
  staff: `b.salon_id = $1 AND EXISTS (
    SELECT FROM booking_items i JOIN staff_members m ON m.id = i.staff_id
     WHERE i.booking_id = b.id AND m.user_id = $2::uuid AND m.deleted_at IS NULL)`,
} as const;

// One text per scope and state, so that each has an index of its own to walk. What is not asked for has a bound that all
// keep: with OR a prepared statement's generic plan would walk from the first booking on. No visit is longer than ten
// services of twelve hours, so those that end after `from` start at most so long before it.
function toText(kind: keyof typeof conditions, state: BookingState | undefined): string {
  return `SELECT ${bookingColumns} FROM bookings b
           WHERE ${conditions[kind]}${state ? ` AND b.state = '${state}'` : ''}
             AND b.start_at > $3::timestamptz - interval '120 hours' AND b.end_at > $3
             AND b.start_at < $4::timestamptz AND (b.start_at, b.id) < ($5::timestamptz, $6::uuid)
             AND ($7::uuid IS NULL OR EXISTS (SELECT FROM booking_items i WHERE i.booking_id = b.id AND i.staff_id = $7))
           ORDER BY b.start_at DESC, b.id DESC LIMIT $8`;
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Latest start first. */
export async function listBookings(on: Queryable, query: BookingQuery): Promise<Booking[]> {
  const { state, from, to, staffId, after, limit } = query;
  const { kind, ids } = toCondition(query.scope);
  const { rows } = await on.query<BookingRow>({
    name: `booking.list_${kind}${state ? `_${state}` : ''}`,
    text: toText(kind, state),
    values: [
      ...[...ids, from ?? '-infinity', to ?? 'infinity'],
      ...[after?.startAt ?? 'infinity', after?.id ?? lastId, staffId ?? null, limit],
    ],
  });
  return rows.map((row) => toLoadedBooking(row).booking);
}

function toCondition(scope: BookingScope): { kind: keyof typeof conditions; ids: (string | null)[] } {
  if ('customerId' in scope) return { kind: 'customer', ids: [scope.customerId, null] };
  if ('staffUserId' in scope) return { kind: 'staff', ids: [scope.salonId, scope.staffUserId] };
  return { kind: 'salon', ids: [scope.salonId, null] };
}
