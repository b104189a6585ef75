import type { Queryable } from '@mawid/service-kit';
import type { PrismaClient, Session as SessionModel } from './generated/client.ts';
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
}

export interface SessionQuery extends Moment {
  userId: string;
  /** The last session of the page before. */
  after: { lastUsedAt: Date; id: string } | undefined;
  limit: number;
}

/** Sessions of a user that live, the one used last first. */
export async function listSessions(prisma: PrismaClient, query: SessionQuery): Promise<ListedSession[]> {
  const { userId, now, idleSince, after, limit } = query;
  const rows = await prisma.session.findMany({
    where: {
      ...{ userId, endedAt: null, expiresAt: { gt: now } },
      AND: [
        { OR: [{ user: { role: 'customer' } }, { lastUsedAt: { gt: idleSince } }] },
        after
          ? { OR: [{ lastUsedAt: { lt: after.lastUsedAt } }, { lastUsedAt: after.lastUsedAt, id: { lt: after.id } }] }
          : {},
      ],
    },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map(toListedSession);
}

/** What an access token says of its session. */
export interface SessionClaims {
  userId: string;
  sessionId: string;
  sessionVersion: number;
}

/** Whether the session of an access token lives, and its version is that of the user. */
export async function isSessionLive(on: Queryable, claims: SessionClaims, at: Moment): Promise<boolean> {
  const { rows } = await on.query({
    name: 'sessions.check',
    text: `SELECT FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = $1 AND s.user_id = $2 AND u.session_version <= $3 AND ${liveAt('$4', '$5')}`,
    values: [claims.sessionId, claims.userId, claims.sessionVersion, at.now, at.idleSince],
  });
  return rows.length > 0;
}

function toListedSession(row: SessionModel): ListedSession {
  return {
    id: row.id,
    givenDeviceId: row.givenDeviceId ?? undefined,
    userAgent: row.userAgent ?? undefined,
    address: row.address ?? undefined,
    amr: row.amr,
    authenticatedAt: row.authenticatedAt,
    lastUsedAt: row.lastUsedAt,
    expiresAt: row.expiresAt,
  };
}
