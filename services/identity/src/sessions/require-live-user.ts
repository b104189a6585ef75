import type { HandlerContext } from '@connectrpc/connect';
import { requireUser } from '@mawid/service-kit';
import { validate as isUuid } from 'uuid';
import type { Context } from '../context.ts';
import { findUserOfSession } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';

/** The signed-in user, loaded. An access token whose session has ended is refused here at once. */
export async function requireLiveUser(
  ctx: Context,
  context: HandlerContext,
): Promise<{ user: User; sessionId: string }> {
  const { userId, sessionId } = requireUser(context);
  if (sessionId === undefined || !isUuid(sessionId) || !isUuid(userId)) throw errors.unauthenticated();
  const user = await findUserOfSession(ctx.database, userId, sessionId);
  if (user === undefined) throw errors.unauthenticated();
  return { user, sessionId };
}
