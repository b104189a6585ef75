import type { Session } from '@mawid/contracts/gen/mawid/identity/v1/session_pb.js';
import { requireCursor, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { type ListedSession, listLiveSessionsOfUser } from '../db/session-lists.ts';
import { sessionMoment } from './session-moment.ts';
import { toSessionMessage } from './to-session-message.ts';

export interface SessionListOrder {
  /** Whose sessions. */
  userId: string;
  /** Who reads the list; a page token of theirs is good for nobody else. */
  readerId: string;
  /** The session that asks. */
  currentId: string | undefined;
  pageSize: number;
  pageToken: string;
}

/** A page of a user's sessions that live, the one used last first. */
export async function listLiveSessions(
  ctx: Context,
  { userId, readerId, currentId, pageSize, pageToken }: SessionListOrder,
): Promise<{ sessions: Session[]; nextPageToken: string }> {
  const list = { key: ctx.config.pageTokenKey, list: ['sessions', userId, readerId] };
  const [lastUsedAt, id] = requireCursor(list, pageToken) ?? [];
  const after = lastUsedAt !== undefined && id !== undefined ? { lastUsedAt: new Date(lastUsedAt), id } : undefined;
  const size = toPageSize(pageSize);
  const query = { userId, after, limit: size + 1, ...sessionMoment(ctx) };
  const found = await listLiveSessionsOfUser(ctx.database, query);
  const cursorOf = (session: ListedSession) => [session.lastUsedAt.toISOString(), session.id];
  const { rows, nextPageToken } = toPage(found, size, { ...list, cursorOf });
  return { sessions: rows.map((session) => toSessionMessage(session, currentId)), nextPageToken };
}
