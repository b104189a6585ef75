import type { Transaction } from '@mawid/service-kit';

/**
 * Deletes the codes and the wrong guesses of a phone, and the codes that its user asked for elsewhere. What was sent stays counted:
 * who erases an account and comes back has no new budget.
 */
export async function deleteCodesOfUser(tx: Transaction, userId: string, phoneNumber: string): Promise<void> {
  // First the codes for another number, as its change does: else the two would wait for each other for ever.
  await tx.query({
    name: 'code_requests.delete_of_user',
    text: 'DELETE FROM code_requests WHERE user_id = $1',
    values: [userId],
  });
  await tx.query({
    name: 'code_requests.delete_of_phone',
    text: 'DELETE FROM code_requests WHERE phone_number = $1',
    values: [phoneNumber],
  });
  await tx.query({
    name: 'guess_budgets.delete_of_phone',
    text: 'DELETE FROM guess_budgets WHERE phone_number = $1',
    values: [phoneNumber],
  });
}

/**
 * Takes what tells of the person out of the audit log: lines about the user and by the user, and those of nobody in particular
 * about the user's number of the time.
 */
export async function blankAuditLines(tx: Transaction, userId: string, phoneNumber: string): Promise<void> {
  await tx.query({
    name: 'audit_log.blank',
    text: `WITH numbers (phone_number, until) AS (
             SELECT $2::text, 'infinity'::timestamptz
             UNION ALL
             -- A change of number is told of the old one.
             SELECT phone_number, at FROM audit_log WHERE user_id = $1 AND kind = 'phone_changed' AND outcome = 'ok'
           ), lines AS (
             SELECT id FROM audit_log WHERE user_id = $1
             UNION
             SELECT a.id FROM audit_log a JOIN numbers n ON n.phone_number = a.phone_number AND a.at <= n.until
              WHERE a.user_id IS NULL
           )
           UPDATE audit_log a SET phone_number = NULL, address = NULL, device_id = NULL, user_agent = NULL
             FROM lines WHERE a.id = lines.id`,
    values: [userId, phoneNumber],
  });
  await tx.query({
    name: 'audit_log.blank_actor',
    text: `UPDATE audit_log SET address = NULL, device_id = NULL, user_agent = NULL WHERE actor_id = $1`,
    values: [userId],
  });
}
