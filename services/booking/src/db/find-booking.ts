import type { Queryable } from '@mawid/service-kit';
import { type BookingRow, bookingColumns, type LoadedBooking, toLoadedBooking } from './booking-row.ts';

/** The booking of the id. */
export async function findBooking(on: Queryable, id: string): Promise<LoadedBooking | undefined> {
  const text = `SELECT ${bookingColumns} FROM bookings b WHERE b.id = $1`;
  const { rows } = await on.query<BookingRow>({ name: 'booking.find', text, values: [id] });
  return rows[0] && toLoadedBooking(rows[0]);
}

/**
 * The same, locked until the transaction ends: whoever else wants to change the booking waits. Read after the lock, for the
 * statement that waits sees a row as it has become meanwhile, but the items as they were when it began.
 */
export async function lockBooking(on: Queryable, id: string): Promise<LoadedBooking | undefined> {
  await on.query({ name: 'booking.lock', text: 'SELECT FROM bookings WHERE id = $1 FOR UPDATE', values: [id] });
  return findBooking(on, id);
}

/** The bookings of the ids, which the transaction has locked. */
export async function findBookings(on: Queryable, ids: readonly string[]): Promise<LoadedBooking[]> {
  const text = `SELECT ${bookingColumns} FROM bookings b WHERE b.id = ANY($1::uuid[]) ORDER BY b.id`;
  const { rows } = await on.query<BookingRow>({ name: 'booking.find_many', text, values: [ids] });
  return rows.map(toLoadedBooking);
}
