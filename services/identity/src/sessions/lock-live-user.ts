import type { Transaction } from '@mawid/service-kit';
import { lockUser } from '../db/session-versions.ts';
import { findUserOfSession } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';

/**
 * The signed-in user as they are now, kept so until the end of the transaction. An end of all sessions takes the same lock: whoever
 * was signed out while the call was on its way changes nothing any more.
 */
export async function lockLiveUser(
  tx: Transaction,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<User> {
  const user = await lockUser(tx, userId);
  if (user === undefined || !(await findUserOfSession(tx, userId, sessionId))) throw errors.unauthenticated();
  return user;
}
