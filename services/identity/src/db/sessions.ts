import type { Queryable } from '@mawid/service-kit';
import type { PresentedToken } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { toUser, type UserRow, userColumns } from './users.ts';

export type EndReason =
  | 'logout'
  | 'logout_all'
  | 'revoked'
  | 'refresh_reuse'
  | 'role_change'
  | 'suspended'
  | 'phone_change'
  | 'replaced'
  | 'operator';

export interface NewSession {
  id: string;
  userId: string;
  deviceId: string | undefined;
  address: string | undefined;
  userAgent: string | undefined;
  amr: readonly string[];
  now: Date;
  expiresAt: Date;
  tokenHash: Buffer;
}

/** A session that lives, with its user. */
export interface LiveSession {
  id: string;
  amr: string[];
  authenticatedAt: Date;
  user: User;
}

interface SessionRow extends UserRow {
  session_id: string;
  amr: string[];
  authenticated_at: Date;
}

/** Writes a session with its first refresh token. */
export async function insertSession(on: Queryable, session: NewSession): Promise<void> {
  await on.query({
    name: 'sessions.insert',
    text: `WITH made AS (
             INSERT INTO sessions (id, user_id, device_id, amr, authenticated_at, last_used_at, expires_at, address, user_agent)
             VALUES ($1, $2, $3, $4, $5, $5, $6, $8, $9) RETURNING id, authenticated_at
           )
           INSERT INTO refresh_tokens (token_hash, session_id, created_at)
           SELECT $7::bytea, id, authenticated_at FROM made`,
    values: [
      session.id,
      session.userId,
      session.deviceId,
      session.amr,
      session.now,
      session.expiresAt,
      session.tokenHash,
      session.address,
      session.userAgent,
    ],
  });
}

export interface Rotation {
  tokenHash: Buffer;
  successorHash: Buffer;
  deviceId: string | undefined;
  now: Date;
}

/**
 * Exchanges an unused token of a live session for its successor; undefined when it is no such token. The session's row is locked
 * first, so a rotation and an end of the session come one after the other, and nothing lives on after the end.
 */
export async function rotateToken(on: Queryable, rotation: Rotation): Promise<LiveSession | undefined> {
  const { rows } = await on.query<SessionRow>({
    name: 'refresh_tokens.rotate',
    text: `WITH live AS (
             UPDATE sessions s SET last_used_at = $4
               FROM refresh_tokens t
              WHERE t.token_hash = $1 AND t.used_at IS NULL AND s.id = t.session_id
                AND s.ended_at IS NULL AND s.expires_at > $4::timestamptz
             RETURNING s.id, s.user_id, s.amr, s.authenticated_at
           ), spent AS (
             UPDATE refresh_tokens t SET used_at = $4, used_device = $3
               FROM live WHERE t.token_hash = $1 AND t.used_at IS NULL
             RETURNING t.session_id
           ), made AS (
             INSERT INTO refresh_tokens (token_hash, session_id, created_at)
             SELECT $2::bytea, session_id, $4::timestamptz FROM spent
           )
           SELECT live.id AS session_id, live.amr, live.authenticated_at, ${userColumns}
             FROM spent JOIN live ON live.id = spent.session_id JOIN users u ON u.id = live.user_id`,
    values: [rotation.tokenHash, rotation.successorHash, rotation.deviceId, rotation.now],
  });
  return rows[0] && toLiveSession(rows[0]);
}

/** A token that was presented, used or not, with its session. */
export async function findToken(
  on: Queryable,
  tokenHash: Buffer,
): Promise<(PresentedToken & { sessionId: string; userId: string }) | undefined> {
  const { rows } = await on.query<{
    session_id: string;
    user_id: string;
    used_at: Date | null;
    used_device: string | null;
    ended_at: Date | null;
    expires_at: Date;
  }>({
    name: 'refresh_tokens.find',
    text: `SELECT t.session_id, s.user_id, t.used_at, t.used_device, s.ended_at, s.expires_at
             FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.token_hash = $1`,
    values: [tokenHash],
  });
  const [row] = rows;
  return (
    row && {
      sessionId: row.session_id,
      userId: row.user_id,
      usedAt: row.used_at ?? undefined,
      usedBy: row.used_device ?? undefined,
      endedAt: row.ended_at ?? undefined,
      expiresAt: row.expires_at,
    }
  );
}

/** Marks a session as used now; undefined when it has ended in the meantime. */
export async function touchSession(on: Queryable, id: string, now: Date): Promise<LiveSession | undefined> {
  const { rows } = await on.query<SessionRow>({
    name: 'sessions.touch',
    text: `UPDATE sessions s SET last_used_at = $2
             FROM users u
            WHERE s.id = $1 AND u.id = s.user_id AND s.ended_at IS NULL AND s.expires_at > $2::timestamptz
           RETURNING s.id AS session_id, s.amr, s.authenticated_at, ${userColumns}`,
    values: [id, now],
  });
  return rows[0] && toLiveSession(rows[0]);
}

/** Ends a session: none of its refresh tokens works again. False when it had ended. */
export async function endSession(on: Queryable, id: string, reason: EndReason, now: Date): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'sessions.end',
    text: 'UPDATE sessions SET ended_at = $3, end_reason = $2 WHERE id = $1 AND ended_at IS NULL',
    values: [id, reason, now],
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

/** When a session was begun, ended or not. */
export async function findSession(on: Queryable, id: string): Promise<{ authenticatedAt: Date } | undefined> {
  const { rows } = await on.query<{ authenticated_at: Date }>({
    name: 'sessions.find',
    text: 'SELECT authenticated_at FROM sessions WHERE id = $1',
    values: [id],
  });
  return rows[0] && { authenticatedAt: rows[0].authenticated_at };
}

function toLiveSession(row: SessionRow): LiveSession {
  return { id: row.session_id, amr: row.amr, authenticatedAt: row.authenticated_at, user: toUser(row) };
}
