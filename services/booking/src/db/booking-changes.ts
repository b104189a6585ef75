import type { Queryable } from '@mawid/service-kit';
import type { BookingChange } from '../domain/booking.ts';

/** Writes a line of a booking's history, in the transaction that changes the booking. */
export async function insertBookingChange(tx: Queryable, bookingId: string, change: BookingChange): Promise<void> {
  const { version, move, state, startAt, actor, reason, isOverridden, at } = change;
  await tx.query({
    name: 'booking_changes.insert',
    text: `INSERT INTO booking_changes (booking_id, version, move, state, start_at, actor_id, actor, reason, overridden, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    values: [bookingId, version, move, state, startAt, actor.userId, actor.kind, reason, isOverridden, at],
  });
}
