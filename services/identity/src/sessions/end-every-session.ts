import type { Caller } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { growSessionVersion } from '../db/session-versions.ts';
import { endAllSessions } from './end-sessions.ts';

export interface EveryEnd {
  userId: string;
  reason: 'logout_all' | 'operator';
  caller: Caller;
}

/** Ends all sessions of a user and kills their access tokens; how many sessions, or undefined when there is no such user. */
export async function endEverySession(ctx: Context, { userId, reason, caller }: EveryEnd): Promise<number | undefined> {
  const count = await ctx.database.transaction(async (tx) => {
    const user = await growSessionVersion(tx, userId);
    if (user === undefined) return undefined;
    const ended = await endAllSessions(tx, { user, reason, now: ctx.clock.now() });
    const details = { end_reason: reason, ended_count: String(ended) };
    await recordAudit(ctx, tx, caller, { kind: 'all_sessions_ended', outcome: 'ok', userId, details });
    return ended;
  });
  ctx.relay.wake();
  return count;
}
