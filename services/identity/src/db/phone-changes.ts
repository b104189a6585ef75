import type { Transaction } from '@mawid/service-kit';
import type { User } from '../domain/user.ts';
import { toUser, type UserRow, userColumns } from './users.ts';

/** Who has the number, other than the one who wants it. */
export async function findOtherHolder(tx: Transaction, phoneNumber: string, userId: string): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.find_other_holder',
    text: `SELECT ${userColumns} FROM users u WHERE u.phone_number = $1 AND u.id <> $2`,
    values: [phoneNumber, userId],
  });
  return rows[0] && toUser(rows[0]);
}

/** Makes room at a number that nobody has verified. False when somebody has in the meantime, or was given a role. */
export async function displaceProvisionalUser(tx: Transaction, id: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'users.displace_provisional',
    text: `DELETE FROM users WHERE id = $1 AND verified_at IS NULL AND role = 'customer' AND suspended_at IS NULL`,
    values: [id],
  });
  return rowCount === 1;
}

/** Throws a phone conflict when another takes the number at this very moment. */
export async function changePhoneNumber(
  tx: Transaction,
  { userId, phoneNumber, now }: { userId: string; phoneNumber: string; now: Date },
): Promise<User> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.change_phone_number',
    text: `UPDATE users u SET phone_number = $2, verified_at = $3, version = u.version + 1, updated_at = $3
            WHERE u.id = $1 RETURNING ${userColumns}`,
    values: [userId, phoneNumber, now],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('the user must be locked before the number is changed');
  return toUser(row);
}

/** Ends all sessions of the user but one, and says which they were. */
export async function endOtherSessions(
  tx: Transaction,
  { userId, sessionId, now }: { userId: string; sessionId: string; now: Date },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'sessions.end_others',
    text: `UPDATE sessions SET ended_at = $3, end_reason = 'phone_change'
            WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL RETURNING id`,
    values: [userId, sessionId, now],
  });
  return rows.map(({ id }) => id);
}

/** Forgets the devices on which the user has signed in, but the one that is named. */
export async function forgetOtherDevices(tx: Transaction, userId: string, deviceId: string | undefined): Promise<void> {
  await tx.query({
    name: 'known_devices.forget_others',
    text: 'DELETE FROM known_devices WHERE user_id = $1 AND device_id IS DISTINCT FROM $2',
    values: [userId, deviceId],
  });
}

/** Kills the codes that would sign somebody in, or prove the number. Requests of others to change to it stay theirs. */
export async function endCodesOfPhone(tx: Transaction, phoneNumber: string, now: Date): Promise<void> {
  await tx.query({
    name: 'code_requests.end_of_phone',
    text: `WITH live AS (
             SELECT id FROM code_requests
              WHERE phone_number = $1 AND purpose <> 'change' AND used_at IS NULL AND superseded_at IS NULL
              ORDER BY id FOR UPDATE
           )
           UPDATE code_requests c SET superseded_at = $2 FROM live WHERE c.id = live.id`,
    values: [phoneNumber, now],
  });
}

export function isPhoneConflict(error: unknown): boolean {
  return (error as { constraint?: string } | undefined)?.constraint === 'users_phone_number_key';
}
