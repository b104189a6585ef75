import type { Queryable } from '@mawid/service-kit';

/** Gives back the time of bookings. Locks claims in the order in which claimers do. */
export async function releaseClaims(tx: Queryable, bookingIds: readonly string[]): Promise<void> {
  await tx.query({
    name: 'claims.release',
    text: `UPDATE claims SET active = false WHERE id IN (
             SELECT id FROM claims WHERE booking_id = ANY($1::uuid[]) AND active ORDER BY subject, id FOR UPDATE)`,
    values: [bookingIds],
  });
}

/**
 * Makes the claims of a booking last; false, and nothing changed, when one that was released meanwhile is taken, or when who or
 * what a lapsed one is on has left the catalogue.
 */
export async function keepClaims(tx: Queryable, bookingId: string, now: Date): Promise<boolean> {
  const { rows } = await tx.query<{ kept: boolean }>({
    name: 'claims.keep',
    text: 'SELECT keep_claims($1, $2) AS kept',
    values: [bookingId, now],
  });
  return rows[0]?.kept === true;
}
