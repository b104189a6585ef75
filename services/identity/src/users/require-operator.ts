import type { HandlerContext } from '@connectrpc/connect';
import { type Caller, callerOf, refuse } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import type { User } from '../domain/user.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export interface Operator {
  user: User;
  sessionId: string;
  caller: Caller;
}

/** The admin who calls: with a session that lives, and the role as it is now, whatever the token says. */
export async function requireOperator(ctx: Context, context: HandlerContext): Promise<Operator> {
  const { user, sessionId } = await requireLiveUser(ctx, context);
  if (user.role !== 'admin') throw refuse('PERMISSION_DENIED');
  return { user, sessionId, caller: callerOf(context) };
}
