import type { Queryable } from '@mawid/service-kit';

/**
 * Takes guests' names, numbers and notes off some bookings, with what was said of them in their histories, and tells off how
 * many. Versions stay, for neither state nor times change. What remains to be forgotten is in an index of its own: see the
 * migration for the name that stays.
 */
export async function forgetGuests(
  on: Queryable,
  { endedBefore, limit }: { readonly endedBefore: Date; readonly limit: number },
): Promise<number> {
  const { rows } = await on.query<{ count: number }>({
    name: 'bookings.forget_guests',
    text: `WITH forgotten AS (
             UPDATE bookings SET guest_name = 'ضيف · Guest', guest_phone = NULL, customer_note = '',
                    cancel_reason = CASE WHEN cancel_reason IS NOT NULL THEN '' END,
                    decline_reason = CASE WHEN decline_reason IS NOT NULL THEN '' END
              WHERE id IN (
                SELECT id FROM bookings
                 WHERE end_at < $1 AND guest_name IS NOT NULL
                   AND (guest_name <> 'ضيف · Guest' OR guest_phone IS NOT NULL OR customer_note <> '')
                 ORDER BY end_at LIMIT $2 FOR UPDATE SKIP LOCKED)
             RETURNING id),
           words AS (
             UPDATE booking_changes SET reason = '' WHERE booking_id = ANY(ARRAY(SELECT id FROM forgotten)) AND reason <> '')
           SELECT count(*)::int AS count FROM forgotten`,
    values: [endedBefore, limit],
  });
  return rows[0]?.count ?? 0;
}
