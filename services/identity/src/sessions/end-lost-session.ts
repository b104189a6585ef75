import type { Caller } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import type { FoundToken } from '../db/sessions.ts';
import { tellUser } from '../users/tell-user.ts';
import { endOneSession } from './end-sessions.ts';

/** Two parties hold a token of the session: it ends for both, and its user is told. Once, however often the token comes again. */
export async function endStolenSession(ctx: Context, { sessionId, user }: FoundToken, caller: Caller): Promise<void> {
  const now = ctx.clock.now();
  const hasEnded = await ctx.database.transaction(async (tx) => {
    if (!(await endOneSession(tx, { userId: user.id, sessionId, reason: 'refresh_reuse', now }))) return false;
    await tellUser(ctx, tx, { kind: 'session_compromised', user, now });
    const details = { session_id: sessionId };
    await recordAudit(ctx, tx, caller, { kind: 'refresh_token_reused', outcome: 'refused', userId: user.id, details });
    return true;
  });
  if (!hasEnded) return;
  ctx.relay.wake();
  ctx.logger.warn({ session_id: sessionId, user_id: user.id }, 'a used refresh token came again: session ended');
}

/** Nobody has used the session for too long. */
export async function endIdleSession(ctx: Context, { sessionId, user }: FoundToken, caller: Caller): Promise<void> {
  const end = { userId: user.id, sessionId, reason: 'idle', now: ctx.clock.now() } as const;
  await ctx.database.transaction(async (tx) => {
    if (!(await endOneSession(tx, end))) return;
    const details = { session_id: sessionId, end_reason: end.reason };
    await recordAudit(ctx, tx, caller, { kind: 'session_ended', outcome: 'ok', userId: user.id, details });
  });
  ctx.relay.wake();
}
