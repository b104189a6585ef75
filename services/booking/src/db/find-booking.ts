import type { Queryable } from '@mawid/service-kit';
import { type BookingRow, bookingColumns, type LoadedBooking, toLoadedBooking } from './booking-row.ts';

/** The booking of the id. */
export async function findBooking(on: Queryable, id: string): Promise<LoadedBooking | undefined> {
  const text = `SELECT ${bookingColumns} FROM bookings b WHERE b.id = $1`;
  const { rows } = await on.query<BookingRow>({ name: 'booking.find', text, values: [id] });
  return rows[0] && toLoadedBooking(rows[0]);
}

/** The same, locked until the transaction ends: whoever else wants to change the booking waits. */
export async function lockBooking(on: Queryable, id: string): Promise<LoadedBooking | undefined> {
  const text = `SELECT ${bookingColumns} FROM bookings b WHERE b.id = $1 FOR UPDATE`;
  const { rows } = await on.query<BookingRow>({ name: 'booking.lock', text, values: [id] });
  return rows[0] && toLoadedBooking(rows[0]);
}
