import type { HandlerContext } from '@connectrpc/connect';
import type { Context } from '../context.ts';
import { findSession } from '../db/sessions.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { requireLiveUser } from './require-live-user.ts';

/** The signed-in user, for what a stolen phone or token must not do: refuses one whose sign-in is more than some minutes ago. */
export async function requireFreshUser(
  ctx: Context,
  context: HandlerContext,
): Promise<{ user: User; sessionId: string }> {
  const live = await requireLiveUser(ctx, context);
  const session = await findSession(ctx.database, live.sessionId);
  const age = ctx.clock.now().getTime() - (session?.authenticatedAt.getTime() ?? 0);
  if (age > ctx.config.freshSignInMs) throw errors.reauthenticationRequired();
  return live;
}
