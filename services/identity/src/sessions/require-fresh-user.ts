import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { findSession } from '../db/sessions.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { requireLiveUser } from './require-live-user.ts';

/**
 * The signed-in user, for what changes how one signs in: refuses one whose sign-in is more than some minutes ago, and one who came
 * in by Google or Apple. Whoever takes over an account there must not be able to keep the one here.
 */
export async function requireFreshUser(
  ctx: Context,
  context: HandlerContext,
): Promise<{ user: User; sessionId: string }> {
  const live = await requireLiveUser(ctx, context);
  const session = await findSession(ctx.database, live.sessionId);
  // Erased a moment ago.
  if (session === undefined) throw errors.unauthenticated();
  const age = ctx.clock.now().getTime() - session.authenticatedAt.getTime();
  if (age > ctx.config.freshSignInMs || !session.amr.includes('otp')) throw errors.reauthenticationRequired();
  return live;
}
