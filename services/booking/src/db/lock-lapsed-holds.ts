import type { Queryable } from '@mawid/service-kit';
import type { Booking } from '../domain/booking.ts';
import { type BookingRow, bookingColumns, toLoadedBooking } from './booking-row.ts';

const text = `
  SELECT ${bookingColumns} FROM bookings b
   WHERE b.state = 'held' AND b.hold_expires_at <= $1
   ORDER BY b.hold_expires_at LIMIT $2 FOR UPDATE SKIP LOCKED`;

/** Some bookings whose hold has ended, locked; those that another process works on are left out. */
export async function lockLapsedHolds(tx: Queryable, now: Date, limit: number): Promise<Booking[]> {
  const { rows } = await tx.query<BookingRow>({ name: 'booking.lock_lapsed', text, values: [now, limit] });
  return rows.map((row) => toLoadedBooking(row).booking);
}
