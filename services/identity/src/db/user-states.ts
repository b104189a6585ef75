import type { Queryable, Transaction } from '@mawid/service-kit';
import type { User } from '../domain/user.ts';
import { toUser, type UserRow, userColumns } from './users.ts';

export async function findUser(on: Queryable, id: string): Promise<User | undefined> {
  const { rows } = await on.query<UserRow>({
    name: 'users.find',
    text: `SELECT ${userColumns} FROM users u WHERE u.id = $1`,
    values: [id],
  });
  return rows[0] && toUser(rows[0]);
}

/**
 * The admins who can sign in, kept as they are until the end of the transaction: whoever takes one away locks all of them first, so
 * that of two who take each other away the second sees what the first has done.
 */
export async function lockAdmins(tx: Transaction): Promise<{ id: string; phoneNumber: string }[]> {
  const { rows } = await tx.query<{ id: string; phone_number: string }>({
    name: 'users.lock_admins',
    text: `SELECT id, phone_number FROM users
            WHERE role = 'admin' AND verified_at IS NOT NULL AND suspended_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
  });
  return rows.map((row) => ({ id: row.id, phoneNumber: row.phone_number }));
}

/** Suspends a user, whose access tokens die with the session version. Undefined for one who is suspended, or is not there. */
export async function suspendUser(
  tx: Transaction,
  { id, reason, now }: { id: string; reason: string; now: Date },
): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.suspend',
    text: `UPDATE users u SET suspended_at = $3, suspension_reason = $2, session_version = u.session_version + 1, updated_at = $3
            WHERE u.id = $1 AND u.suspended_at IS NULL RETURNING ${userColumns}`,
    values: [id, reason, now],
  });
  return rows[0] && toUser(rows[0]);
}

/** Ends a suspension. Undefined for one who is not suspended, or is not there. */
export async function reinstateUser(tx: Transaction, id: string, now: Date): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.reinstate',
    text: `UPDATE users u SET suspended_at = NULL, suspension_reason = NULL, updated_at = $2
            WHERE u.id = $1 AND u.suspended_at IS NOT NULL RETURNING ${userColumns}`,
    values: [id, now],
  });
  return rows[0] && toUser(rows[0]);
}

/** Deletes a user with sessions, tokens, devices and identities; as they were, or undefined for one who is gone already. */
export async function deleteUser(tx: Transaction, id: string): Promise<User | undefined> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.delete',
    text: `DELETE FROM users u WHERE u.id = $1 RETURNING ${userColumns}`,
    values: [id],
  });
  return rows[0] && toUser(rows[0]);
}

// A process whose clock is a little behind still takes a code that is over here.
const noLiveCode = `NOT EXISTS (
  SELECT FROM code_requests c WHERE c.phone_number = u.phone_number AND c.used_at IS NULL AND c.superseded_at IS NULL
                                AND c.expires_at > $2::timestamptz - interval '1 minute')`;

/** Locks a batch of customers who never verified, were made before a time and wait for no code. */
export async function lockForgettableUsers(
  tx: Transaction,
  { madeBefore, now, limit }: { madeBefore: Date; now: Date; limit: number },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'users.lock_forgettable',
    text: `SELECT u.id FROM users u
            WHERE u.verified_at IS NULL AND u.role = 'customer' AND u.suspended_at IS NULL AND u.created_at < $1 AND ${noLiveCode}
            ORDER BY u.created_at LIMIT $3 FOR UPDATE SKIP LOCKED`,
    values: [madeBefore, now, limit],
  });
  return rows.map(({ id }) => id);
}

/**
 * Deletes those of the locked whom no code has been sent to since they were looked for. Whoever asks for a code from here on waits
 * for the deletion, and is made anew.
 */
export async function deleteForgettableUsers(tx: Transaction, ids: readonly string[], now: Date): Promise<User[]> {
  const { rows } = await tx.query<UserRow>({
    name: 'users.delete_forgettable',
    text: `DELETE FROM users u WHERE u.id = ANY ($1::uuid[]) AND ${noLiveCode} RETURNING ${userColumns}`,
    values: [ids, now],
  });
  return rows.map(toUser);
}
