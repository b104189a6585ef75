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
  | 'operator'
  | 'idle';

export interface NewSession {
  id: string;
  userId: string;
  /** Our name for the device. */
  deviceId: string;
  /** What it called itself. */
  givenDeviceId: string | undefined;
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
  expiresAt: Date;
  user: User;
}

interface SessionRow extends UserRow {
  session_id: string;
  amr: string[];
  authenticated_at: Date;
  expires_at: Date;
}

/** A moment, and since when a session of staff that was not used lies idle then. */
export interface Moment {
  now: Date;
  idleSince: Date;
}

/** Condition for a session `s` of a user `u` to live at a moment, whose two times have these places in the statement. */
export function liveAt(now: string, idleSince: string): string {
  return `s.ended_at IS NULL AND s.expires_at > ${now}::timestamptz AND u.suspended_at IS NULL
          AND (u.role = 'customer' OR s.last_used_at > ${idleSince}::timestamptz)`;
}

/** Writes a session with its first refresh token. */
export async function insertSession(on: Queryable, session: NewSession): Promise<void> {
  await on.query({
    name: 'sessions.insert',
    text: `WITH made AS (
             INSERT INTO sessions (id, user_id, device_id, amr, authenticated_at, last_used_at, expires_at, address, user_agent,
                                   given_device_id)
             VALUES ($1, $2, $3, $4, $5, $5, $6, $8, $9, $10) RETURNING id, authenticated_at
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
      session.givenDeviceId,
    ],
  });
}

export interface Rotation extends Moment {
  tokenHash: Buffer;
  successorHash: Buffer;
  deviceId: string | undefined;
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
               FROM refresh_tokens t, users u
              WHERE t.token_hash = $1 AND t.used_at IS NULL AND s.id = t.session_id AND u.id = s.user_id
                AND ${liveAt('$4', '$5')}
             RETURNING s.id AS session_id, s.amr, s.authenticated_at, s.expires_at, ${userColumns}
           ), spent AS (
             UPDATE refresh_tokens t SET used_at = $4, used_device = $3
               FROM live WHERE t.token_hash = $1 AND t.used_at IS NULL
             RETURNING t.session_id
           ), made AS (
             INSERT INTO refresh_tokens (token_hash, session_id, created_at)
             SELECT $2::bytea, session_id, $4::timestamptz FROM spent
           )
           SELECT live.* FROM spent JOIN live USING (session_id)`,
    values: [rotation.tokenHash, rotation.successorHash, rotation.deviceId, rotation.now, rotation.idleSince],
  });
  return rows[0] && toLiveSession(rows[0]);
}

/** A token that was presented, used or not, with its session and its user. */
export interface FoundToken extends PresentedToken {
  sessionId: string;
  user: User;
}

interface TokenRow extends UserRow {
  session_id: string;
  used_at: Date | null;
  used_device: string | null;
  ended_at: Date | null;
  expires_at: Date;
  last_used_at: Date;
  device_id: string | null;
  given_device_id: string | null;
}

export async function findToken(on: Queryable, tokenHash: Buffer): Promise<FoundToken | undefined> {
  const { rows } = await on.query<TokenRow>({
    name: 'refresh_tokens.find',
    text: `SELECT t.session_id, t.used_at, t.used_device, s.ended_at, s.expires_at, s.last_used_at, s.device_id,
                  s.given_device_id, ${userColumns}
             FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id
            WHERE t.token_hash = $1`,
    values: [tokenHash],
  });
  return rows[0] && toFoundToken(rows[0]);
}

/** Marks a session as used now; undefined when it has ended in the meantime. */
export async function touchSession(on: Queryable, id: string, at: Moment): Promise<LiveSession | undefined> {
  const { rows } = await on.query<SessionRow>({
    name: 'sessions.touch',
    text: `UPDATE sessions s SET last_used_at = $2
             FROM users u
            WHERE s.id = $1 AND u.id = s.user_id AND ${liveAt('$2', '$3')}
           RETURNING s.id AS session_id, s.amr, s.authenticated_at, s.expires_at, ${userColumns}`,
    values: [id, at.now, at.idleSince],
  });
  return rows[0] && toLiveSession(rows[0]);
}

/** When a session was begun, ended or not. */
export async function findSession(
  on: Queryable,
  id: string,
): Promise<Pick<LiveSession, 'authenticatedAt' | 'amr'> | undefined> {
  const { rows } = await on.query<{ authenticated_at: Date; amr: string[] }>({
    name: 'sessions.find',
    text: 'SELECT authenticated_at, amr FROM sessions WHERE id = $1',
    values: [id],
  });
  return rows[0] && { authenticatedAt: rows[0].authenticated_at, amr: rows[0].amr };
}

function toLiveSession(row: SessionRow): LiveSession {
  return {
    id: row.session_id,
    amr: row.amr,
    authenticatedAt: row.authenticated_at,
    expiresAt: row.expires_at,
    user: toUser(row),
  };
}

function toFoundToken(row: TokenRow): FoundToken {
  return {
    sessionId: row.session_id,
    usedAt: row.used_at ?? undefined,
    usedBy: row.used_device ?? undefined,
    endedAt: row.ended_at ?? undefined,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    role: row.role,
    deviceId: row.device_id ?? undefined,
    givenDeviceId: row.given_device_id ?? undefined,
    user: toUser(row),
  };
}
