import type { Queryable } from '@mawid/service-kit';

/** Empties a contact, for good; the phone that it had. A person whom we have not heard of gets an empty one. */
export async function eraseContact(on: Queryable, userId: string, version: bigint): Promise<string | undefined> {
  const { rows } = await on.query<{ phone: string | null }>({
    name: 'contacts.lock_phone',
    text: 'SELECT phone FROM contacts WHERE user_id = $1 FOR UPDATE',
    values: [userId],
  });
  await on.query({
    name: 'contacts.erase',
    text: `INSERT INTO contacts (user_id, language, is_phone_verified, version, erased_at)
           VALUES ($1, 'ar', false, $2, now())
               ON CONFLICT (user_id) DO UPDATE
              SET phone = NULL, email = NULL, language = 'ar', first_name = '', last_name = '', is_phone_verified = false,
                  version = greatest(contacts.version, excluded.version), updated_at = now(),
                  erased_at = coalesce(contacts.erased_at, excluded.erased_at)`,
    values: [userId, version],
  });
  return rows[0]?.phone ?? undefined;
}

/**
 * Ends what waits for a person or is being sent to them, and empties what has ended; codes go by the number. A message that
 * a provider takes at this moment is no longer marked as sent: nothing about it may be written any more. What forgets by
 * itself goes out: it is the notice that the account was erased, or a code that somebody else may have asked for by now.
 */
export async function eraseMessages(on: Queryable, userId: string, phone: string | undefined): Promise<void> {
  await on.query({
    name: 'messages.erase',
    text: `WITH gone AS (
             SELECT id, state IN ('queued', 'sending') AS is_open FROM messages
              WHERE user_id = $1 AND NOT forgets ORDER BY id FOR UPDATE),
           emptied AS (
             UPDATE messages SET phone = NULL, body = NULL, facts = NULL, forgets = true, lease_id = NULL,
                    state = CASE WHEN is_open THEN 'dropped' ELSE state END,
                    reason = CASE WHEN is_open THEN 'user_erased' ELSE reason END
               FROM gone WHERE messages.id = gone.id)
           INSERT INTO message_decisions (message_id, decision, reason)
           SELECT id, 'dropped', 'user_erased' FROM gone WHERE is_open`,
    values: [userId],
  });
  if (phone === undefined) return;
  await on.query({
    name: 'messages.erase_codes',
    text: `UPDATE messages SET forgets = true, phone = CASE WHEN state IN ('queued', 'sending') THEN phone END
            WHERE lane = 'code' AND phone = $1`,
    values: [phone],
  });
}

/**
 * Facts about the person that could not be handled: they hold the contact, and nobody should replay them. Notices, codes and bookings
 * are not kept under the person's id, but name it, or the number; protobuf writes texts as they are.
 */
export async function eraseDeadLetters(on: Queryable, userId: string, phone: string | undefined): Promise<void> {
  await on.query({
    name: 'dead_letters.erase',
    text: `DELETE FROM dead_letters
            WHERE subject <> 'identity.user.v1.erased'
              AND (aggregate_id = $1 OR position(convert_to($1, 'UTF8') IN payload) > 0
                   OR position(convert_to($2, 'UTF8') IN payload) > 0)`,
    values: [userId, phone],
  });
}

/** Empties codes that have ended and are older; how many. */
export async function forgetCodeNumbers(
  on: Queryable,
  { olderMs, limit }: { olderMs: number; limit: number },
): Promise<number> {
  const { rowCount } = await on.query({
    name: 'messages.forget_code_numbers',
    text: `UPDATE messages SET phone = NULL
            WHERE id = ANY(ARRAY(
              SELECT id FROM messages
               WHERE lane = 'code' AND phone IS NOT NULL AND state IN ('sent', 'failed', 'dropped')
                 AND created_at < now() - $1::float8 * interval '1 millisecond'
               LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    values: [olderMs, limit],
  });
  return rowCount ?? 0;
}
