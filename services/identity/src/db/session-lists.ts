import type { Queryable } from '@mawid/service-kit';
import { liveAt, type Moment } from './sessions.ts';

/** A session as its user sees it. */
export interface ListedSession {
  id: string;
  givenDeviceId: string | undefined;
  userAgent: string | undefined;
  address: string | undefined;
  amr: string[];
  authenticatedAt: Date;
  lastUsedAt: Date;
  expiresAt: Date;
  /** When and why it ended before its time. */
  endedAt: Date | undefined;
  endReason: string | undefined;
}

interface SessionRow {
  id: string;
  given_device_id: string | null;
  user_agent: string | null;
  address: string | null;
  amr: string[];
  authenticated_at: Date;
  last_used_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  end_reason: string | null;
}

const columns = `s.id, s.given_device_id, s.user_agent, s.address, s.amr, s.authenticated_at, s.last_used_at, s.expires_at,
  s.ended_at, s.end_reason`;

export interface SessionQuery extends Moment {
  userId: string;
  /** The last session of the page before. */
  after: { lastUsedAt: Date; id: string } | undefined;
  limit: number;
}

/** Sessions of a user that live, the one used last first. */
export async function listLiveSessionsOfUser(on: Queryable, query: SessionQuery): Promise<ListedSession[]> {
  const { userId, now, idleSince, after, limit } = query;
  const { rows } = await on.query<SessionRow>({
    name: 'sessions.list_live',
    text: `SELECT ${columns} FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.user_id = $1 AND ${liveAt('$2', '$3')}
              AND ($4::timestamptz IS NULL OR (s.last_used_at, s.id) < ($4::timestamptz, $5::uuid))
            ORDER BY s.last_used_at DESC, s.id DESC LIMIT $6`,
    values: [userId, now, idleSince, after?.lastUsedAt, after?.id, limit],
  });
  return rows.map(toListedSession);
}

/** All sessions of a user that are still remembered, ended ones too; the newest first. */
export async function listAllSessionsOfUser(on: Queryable, userId: string): Promise<ListedSession[]> {
  const { rows } = await on.query<SessionRow>({
    name: 'sessions.list_all',
    text: `SELECT ${columns} FROM sessions s WHERE s.user_id = $1 ORDER BY s.authenticated_at DESC, s.id DESC`,
    values: [userId],
  });
  return rows.map(toListedSession);
}

function toListedSession(row: SessionRow): ListedSession {
  return {
    id: row.id,
    givenDeviceId: row.given_device_id ?? undefined,
    userAgent: row.user_agent ?? undefined,
    address: row.address ?? undefined,
    amr: row.amr,
    authenticatedAt: row.authenticated_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at ?? undefined,
    endReason: row.end_reason ?? undefined,
  };
}
