import { type Caller, outsideCall } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { hashRefreshToken, isRefreshToken, toSuccessor } from '../crypto/refresh-token.ts';
import { findToken, type LiveSession, rotateToken, touchSession } from '../db/sessions.ts';
import { readDevice } from '../devices/read-device.ts';
import { judgeUsedToken } from '../domain/session.ts';
import { endIdleSession, endStolenSession } from './end-lost-session.ts';
import { sessionMoment } from './session-moment.ts';

export interface Refreshed {
  session: LiveSession;
  refresh: string;
}

/** Exchanges a refresh token; undefined when it is good for nothing. A stolen one ends its session on the way. */
export async function refreshSession(ctx: Context, token: string, caller: Caller): Promise<Refreshed | undefined> {
  if (!isRefreshToken(token)) return undefined;
  const refresh = toSuccessor(token, ctx.config.refreshSecret);
  const [tokenHash, successorHash] = [hashRefreshToken(token), hashRefreshToken(refresh)];
  const deviceId = readDevice(ctx, caller).id;
  const rotated = await rotateToken(ctx.database, { tokenHash, successorHash, deviceId, ...sessionMoment(ctx) });
  const session = rotated ?? (await repeatRotation(ctx, tokenHash, caller));
  if (rotated) ctx.metrics.refreshes.inc({ outcome: 'rotated' });
  return session && { session, refresh };
}

async function repeatRotation(ctx: Context, tokenHash: Buffer, caller: Caller): Promise<LiveSession | undefined> {
  const { config, database, metrics } = ctx;
  const at = sessionMoment(ctx);
  const token = await findToken(database, tokenHash);
  const presentation = { now: at.now, deviceId: readDevice(ctx, caller).id, limits: config.sessions };
  const verdict = token ? judgeUsedToken(token, presentation) : 'invalid';
  metrics.refreshes.inc({ outcome: verdict === 'repeat' ? 'repeated' : verdict });
  if (token === undefined || verdict === 'invalid') return undefined;
  if (verdict === 'repeat') return touchSession(database, token.sessionId, at);
  // A thief who hangs up is a thief all the same.
  await outsideCall(() => (verdict === 'idle' ? endIdleSession : endStolenSession)(ctx, token, caller));
  return undefined;
}
