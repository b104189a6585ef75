import { insertEvents, type Transaction } from '@mawid/service-kit';
import { type EndReason, endSession, endSessionsOfUser } from '../db/sessions.ts';
import type { User } from '../domain/user.ts';
import { sessionEnded, sessionsEnded } from './session-events.ts';

/** Ends a session here, and its access tokens everywhere; false when it had ended. The relay is to be woken after the commit. */
export async function endOneSession(
  tx: Transaction,
  { userId, sessionId, reason, now }: { userId: string; sessionId: string; reason: EndReason; now: Date },
): Promise<boolean> {
  if (!(await endSession(tx, sessionId, reason, now))) return false;
  await insertEvents(tx, [sessionEnded({ userId, sessionId, reason, now })]);
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
