import type { CatalogTransaction } from './change-catalog.ts';

/** Whether a booking that is not over has claimed the staff member or resource; a hold whose time has run out has not. */
export async function hasBookingsToCome(tx: CatalogTransaction, subject: string, now: Date): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM claims
     WHERE subject = ${subject}::uuid AND during && tstzrange(${now}::timestamptz, NULL) AND active
       AND booking_id IS NOT NULL AND (hold_expires_at IS NULL OR hold_expires_at > ${now}::timestamptz)
     LIMIT 1`;
  return rows.length > 0;
}
