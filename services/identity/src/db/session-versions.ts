import type { Transaction } from '@mawid/service-kit';
import type { User } from '../domain/user.ts';
import { toUser, type UserRow, userColumns } from './users.ts';

/** Moves a user's session version on: access tokens with the old one are dead. Undefined when there is no such user. */
export async function growSessionVersion(tx: Transaction, userId: string): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.grow_session_version',
    text: `UPDATE users u SET session_version = u.session_version + 1 WHERE u.id = $1 RETURNING ${userColumns}`,
    values: [userId],
  });
  return rows[0] && toUser(rows[0]);
}

/** The user as they are now, and kept so until the end of the transaction. */
export async function lockUser(tx: Transaction, userId: string): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.lock',
    text: `SELECT ${userColumns} FROM users u WHERE u.id = $1 FOR NO KEY UPDATE`,
    values: [userId],
  });
  return rows[0] && toUser(rows[0]);
}
