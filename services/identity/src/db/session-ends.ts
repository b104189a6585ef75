import type { Queryable, Transaction } from '@mawid/service-kit';
import type { EndReason } from './sessions.ts';

export interface SessionEndOrder {
  userId: string;
  sessionId: string;
  reason: EndReason;
  now: Date;
}

/** Ends a session of the user: none of its refresh tokens works again. False when it is another's, or over. */
export async function endSession(on: Queryable, { userId, sessionId, reason, now }: SessionEndOrder): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'sessions.end',
    text: `UPDATE sessions SET ended_at = $4, end_reason = $3
            WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $4::timestamptz`,
    values: [sessionId, userId, reason, now],
  });
  return rowCount === 1;
}

/** Ends all sessions of a user, and says how many. */
export async function endSessionsOfUser(on: Queryable, userId: string, reason: EndReason, now: Date): Promise<number> {
  const { rowCount } = await on.query({
    name: 'sessions.end_of_user',
    text: 'UPDATE sessions SET ended_at = $3, end_reason = $2 WHERE user_id = $1 AND ended_at IS NULL',
    values: [userId, reason, now],
  });
  return rowCount ?? 0;
}

/** Ends the sessions that a user has on a device, and says which. */
export async function endSessionsOnDevice(
  tx: Transaction,
  { userId, deviceId, now }: { userId: string; deviceId: string; now: Date },
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'sessions.end_on_device',
    text: `UPDATE sessions SET ended_at = $3, end_reason = 'replaced'
            WHERE user_id = $1 AND device_id = $2 AND ended_at IS NULL AND expires_at > $3::timestamptz RETURNING id`,
    values: [userId, deviceId, now],
  });
  return rows.map(({ id }) => id);
}

/** Ends the sessions of a user that began by a provider's word, but the one that is named, and says which. */
export async function endSessionsByProvider(
  tx: Transaction,
  { userId, sessionId, reason, now }: SessionEndOrder,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({
    name: 'sessions.end_by_provider',
    text: `UPDATE sessions SET ended_at = $4, end_reason = $3
            WHERE user_id = $1 AND id <> $2 AND 'fed' = ANY (amr) AND ended_at IS NULL AND expires_at > $4::timestamptz
           RETURNING id`,
    values: [userId, sessionId, reason, now],
  });
  return rows.map(({ id }) => id);
}
