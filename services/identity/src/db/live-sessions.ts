import type { Queryable } from '@mawid/service-kit';
import { liveAt, type Moment } from './sessions.ts';

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
