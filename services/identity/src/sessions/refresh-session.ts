import { outsideCall } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { hashRefreshToken, isRefreshToken, toSuccessor } from '../crypto/refresh-token.ts';
import { endSession, findToken, type LiveSession, rotateToken, touchSession } from '../db/sessions.ts';
import { judgeUsedToken } from '../domain/session.ts';

export interface Refreshed {
  session: LiveSession;
  refresh: string;
}

/** Exchanges a refresh token; undefined when it is good for nothing. A stolen one ends its session on the way. */
export async function refreshSession(
  ctx: Context,
  token: string,
  deviceId: string | undefined,
): Promise<Refreshed | undefined> {
  if (!isRefreshToken(token)) return undefined;
  const refresh = toSuccessor(token, ctx.config.refreshSecret);
  const [tokenHash, successorHash] = [hashRefreshToken(token), hashRefreshToken(refresh)];
  const rotated = await rotateToken(ctx.database, { tokenHash, successorHash, deviceId, now: ctx.clock.now() });
  const session = rotated ?? (await repeatRotation(ctx, tokenHash, deviceId));
  if (rotated) ctx.metrics.refreshes.inc({ outcome: 'rotated' });
  return session && { session, refresh };
}

async function repeatRotation(
  ctx: Context,
  tokenHash: Buffer,
  deviceId: string | undefined,
): Promise<LiveSession | undefined> {
  const { clock, config, database, metrics, logger } = ctx;
  const now = clock.now();
  const token = await findToken(database, tokenHash);
  const verdict = token ? judgeUsedToken(token, { now, deviceId, graceMs: config.sessions.graceMs }) : 'invalid';
  metrics.refreshes.inc({ outcome: verdict === 'repeat' ? 'repeated' : verdict });
  if (token === undefined || verdict === 'invalid') return undefined;
  if (verdict === 'repeat') return touchSession(database, token.sessionId, now);
  // A thief who hangs up is a thief all the same.
  await outsideCall(() => endSession(database, token.sessionId, 'refresh_reuse', now));
  logger.warn({ session_id: token.sessionId, user_id: token.userId }, 'a used refresh token came again: session ended');
  return undefined;
}
