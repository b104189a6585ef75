import type { Caller } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { endOneSession } from './end-sessions.ts';

export interface OwnSessionEnd {
  userId: string;
  sessionId: string;
  reason: 'logout' | 'revoked';
  caller: Caller;
}

/** Ends a session as its user wants it; false when it is another's, or over. */
export async function endOwnSession(ctx: Context, { caller, ...end }: OwnSessionEnd): Promise<boolean> {
  const { userId, sessionId, reason } = end;
  const hasEnded = await ctx.database.transaction(async (tx) => {
    if (!(await endOneSession(tx, { ...end, now: ctx.clock.now() }))) return false;
    const details = { session_id: sessionId, end_reason: reason };
    await recordAudit(ctx, tx, caller, { kind: 'session_ended', outcome: 'ok', userId, details });
    return true;
  });
  if (hasEnded) ctx.relay.wake();
  return hasEnded;
}
