import type { Transaction } from '@mawid/service-kit';

/**
 * Takes away what a customer wrote and what was written about them, for good: see the trigger on bookings. The version of a
 * booking stays, for neither its state nor its times change. Safe to repeat.
 */
export async function eraseCustomer(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.query({
    name: 'customers.lock',
    text: 'SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))',
    values: [userId],
  });
  await tx.query({
    name: 'customers.erase',
    text: 'INSERT INTO erased_customers (user_id, erased_at) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING',
    values: [userId, now],
  });
  // All of them, whatever they say now: one that is being cancelled has words that cannot be seen yet.
  await tx.query({
    name: 'bookings.forget_customer',
    text: `UPDATE bookings SET customer_note = '', cancel_reason = CASE WHEN cancel_reason IS NOT NULL THEN '' END,
                  decline_reason = CASE WHEN decline_reason IS NOT NULL THEN '' END
            WHERE customer_id = $1`,
    values: [userId],
  });
  await tx.query({
    name: 'booking_changes.forget_customer',
    text: `UPDATE booking_changes SET reason = ''
            WHERE reason <> '' AND booking_id IN (SELECT id FROM bookings WHERE customer_id = $1)`,
    values: [userId],
  });
  await tx.query({
    name: 'idempotency.forget_user',
    text: 'DELETE FROM idempotency_keys WHERE user_id = $1',
    values: [userId],
  });
}

/**
 * Why the person was away goes, whoever wrote it; that they were stays, as does the name on the salon's page, which is the
 * salon's. Nobody signs in as this person any more. The hours count as changed: who read them before with their notes does
 * not write these back.
 */
export async function unlinkStaff(tx: Transaction, userId: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'staff_members.unlink',
    text: `UPDATE staff_members SET user_id = NULL, version = version + 1, hours_version = hours_version + 1, updated_at = $2
            WHERE user_id = $1 RETURNING id`,
    values: [userId, now],
  });
  if (rows.length === 0) return;
  const staffIds = rows.map(({ id }) => id);
  await tx.query({
    name: 'time_blocks.forget_staff',
    text: `UPDATE time_blocks SET reason = '' WHERE staff_id = ANY($1::uuid[]) AND reason <> ''`,
    values: [staffIds],
  });
  await tx.query({
    name: 'staff_dates.forget_staff',
    text: `UPDATE staff_dates SET note = '' WHERE staff_id = ANY($1::uuid[]) AND note <> ''`,
    values: [staffIds],
  });
}
