import type { Transaction } from '@mawid/service-kit';
import type { User } from '../domain/user.ts';
import { unlockPhone } from './guess-budgets.ts';

/**
 * Deletes the codes and the wrong guesses of a phone, and the codes that its user asked for elsewhere. What was sent stays counted:
 * who erases an account and comes back has no new budget.
 */
export async function deleteCodesOfUser(tx: Transaction, userId: string, phoneNumber: string): Promise<void> {
  // First the codes for another number, as its change does: else the two would wait for each other for ever.
  await tx.query({
    name: 'code_requests.delete_of_user',
    text: `WITH locked AS (SELECT id FROM code_requests WHERE user_id = $1 ORDER BY id FOR UPDATE)
           DELETE FROM code_requests c USING locked WHERE c.id = locked.id`,
    values: [userId],
  });
  await tx.query({
    name: 'code_requests.delete_of_phone',
    text: `WITH locked AS (SELECT id FROM code_requests WHERE phone_number = $1 ORDER BY id FOR UPDATE)
           DELETE FROM code_requests c USING locked WHERE c.id = locked.id`,
    values: [phoneNumber],
  });
  await unlockPhone(tx, phoneNumber);
}

/**
 * Takes what tells of the person out of the audit log: lines about the user and by the user, and those about the user's number of
 * the time: of nobody in particular, and of accounts at it that are gone. What another did with the number while it was the user's
 * loses the number. Where somebody else sat who did something, an operator for one, is not the person's, and stays.
 */
export async function blankAuditLines(
  tx: Transaction,
  { id, phoneNumber, createdAt }: Pick<User, 'id' | 'phoneNumber' | 'createdAt'>,
): Promise<void> {
  await tx.query({
    name: 'audit_log.blank',
    text: `WITH changes AS (
             -- A change of number is told of the old one.
             SELECT phone_number, at AS until, coalesce(lag(at) OVER (ORDER BY at, id), $3::timestamptz) AS since
               FROM audit_log WHERE user_id = $1 AND kind = 'phone_changed' AND outcome = 'ok'
           ), numbers AS (
             SELECT phone_number, since, until FROM changes
             UNION ALL
             SELECT $2::text, coalesce((SELECT max(until) FROM changes), $3::timestamptz), 'infinity'::timestamptz
           ), lines AS (
             SELECT id FROM audit_log WHERE user_id = $1
             UNION
             SELECT a.id FROM audit_log a JOIN numbers n ON n.phone_number = a.phone_number AND a.at <= n.until
              WHERE a.user_id IS NULL OR a.at > n.since OR NOT EXISTS (SELECT FROM users u WHERE u.id = a.user_id)
           )
           UPDATE audit_log a
              SET phone_number = NULL,
                  (address, device_id, user_agent) = (
                    SELECT a.address, a.device_id, a.user_agent WHERE a.actor_kind = 'user' AND a.actor_id <> $1::text)
             FROM lines WHERE a.id = lines.id`,
    values: [id, phoneNumber, createdAt],
  });
  await tx.query({
    name: 'audit_log.blank_actor',
    text: `UPDATE audit_log SET address = NULL, device_id = NULL, user_agent = NULL WHERE actor_id = $1`,
    values: [id],
  });
}
