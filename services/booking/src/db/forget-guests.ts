import type { Queryable } from '@mawid/service-kit';

/**
 * Takes guests' names, numbers and notes off some bookings, and tells off how many. Versions stay, for neither state nor
 * times change. What remains to be forgotten is in an index of its own: see the migration for the name that stays.
 */
export async function forgetGuests(
  on: Queryable,
  { endedBefore, limit }: { readonly endedBefore: Date; readonly limit: number },
): Promise<number> {
  const { rowCount } = await on.query({
    name: 'bookings.forget_guests',
    text: `UPDATE bookings SET guest_name = 'ضيف · Guest', guest_phone = NULL, customer_note = '' WHERE id IN (
             SELECT id FROM bookings
              WHERE end_at < $1 AND guest_name IS NOT NULL
                AND (guest_name <> 'ضيف · Guest' OR guest_phone IS NOT NULL OR customer_note <> '')
              ORDER BY end_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    values: [endedBefore, limit],
  });
  return rowCount ?? 0;
}
