import type { Queryable } from '@mawid/service-kit';

// Locked in the order in which claimers claim. What another claimer has released meanwhile is seen behind the lock.
const text = `
  WITH held AS (SELECT id, active FROM claims WHERE booking_id = $1 ORDER BY subject, during FOR UPDATE),
  moved AS (UPDATE claims SET hold_expires_at = $2 FROM held
             WHERE claims.id = held.id AND (SELECT bool_and(active) FROM held) RETURNING claims.id)
  SELECT EXISTS (SELECT FROM moved) AS moved`;

/**
 * Gives the hold on a booking's time another end. False, and nothing changed, when some of the time was released already: by a claimer
 * for whom the hold had lapsed.
 */
export async function moveHoldEnd(tx: Queryable, bookingId: string, endsAt: Date): Promise<boolean> {
  const { rows } = await tx.query<{ moved: boolean }>({
    name: 'claims.move_hold_end',
    text,
    values: [bookingId, endsAt],
  });
  return rows[0]?.moved === true;
}
