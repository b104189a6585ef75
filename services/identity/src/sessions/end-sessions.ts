import { insertEvents, type Transaction } from '@mawid/service-kit';
import { endSession, endSessionsOfUser, endSessionsOnDevice, type SessionEndOrder } from '../db/session-ends.ts';
import type { EndReason } from '../db/sessions.ts';
import type { User } from '../domain/user.ts';
import { sessionEnded, sessionsEnded } from './session-events.ts';

/**
 * Ends a session of the user here, and its access tokens everywhere; false when it is another's, or over. The relay is to be
 * woken after the commit.
 */
export async function endOneSession(tx: Transaction, end: SessionEndOrder): Promise<boolean> {
  if (!(await endSession(tx, end))) return false;
  await insertEvents(tx, [sessionEnded(end)]);
  return true;
}

/**
 * Ends all sessions of a user whose session version has just grown, in the same transaction: what is signed from now on carries
 * the new one. Says how many they were. The relay is to be woken after the commit.
 */
export async function endAllSessions(
  tx: Transaction,
  { user, reason, now }: { user: Pick<User, 'id' | 'sessionVersion'>; reason: EndReason; now: Date },
): Promise<number> {
  const count = await endSessionsOfUser(tx, user.id, reason, now);
  await insertEvents(tx, [sessionsEnded({ userId: user.id, sessionVersion: user.sessionVersion, reason, now })]);
  return count;
}

/** Ends the sessions that a user has on a device on which a new one begins, and says which. The user's row is to be locked. */
export async function endReplacedSessions(
  tx: Transaction,
  { userId, deviceId, now }: { userId: string; deviceId: string; now: Date },
): Promise<string[]> {
  const ended = await endSessionsOnDevice(tx, { userId, deviceId, now });
  await insertEvents(
    tx,
    ended.map((sessionId) => sessionEnded({ userId, sessionId, reason: 'replaced', now })),
  );
  return ended;
}
