import type { Caller, Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { createDeviceToken, parseDeviceToken } from '../crypto/device-token.ts';
import { createRefreshToken, hashRefreshToken } from '../crypto/refresh-token.ts';
import { saveKnownDevice } from '../db/known-devices.ts';
import { lockUser } from '../db/session-versions.ts';
import { insertSession, type LiveSession } from '../db/sessions.ts';
import { readDevice } from '../devices/read-device.ts';
import { sessionEnd } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { endReplacedSessions } from './end-sessions.ts';

export interface SessionStart {
  user: Pick<User, 'id'>;
  /** RFC 8176. */
  amr: readonly string[];
  caller: Caller;
}

/** A session that has just begun. */
export interface StartedSession {
  session: LiveSession;
  refresh: string;
  /** Our name for the device, when it came without one of ours. */
  deviceToken: string | undefined;
}

/**
 * Opens a session for a user who has just proved who they are. The device is known from then on, and what the user had open on
 * it ends. Throws ACCOUNT_SUSPENDED. The relay is to be woken after the commit.
 */
export async function startSession(ctx: Context, tx: Transaction, start: SessionStart): Promise<StartedSession> {
  const { config, clock } = ctx;
  const { amr, caller } = start;
  const now = clock.now();
  // An end of all sessions comes before or after this one: then this one has the new version, or ends with the others.
  const user = await lockUser(tx, start.user.id);
  if (user === undefined) throw errors.unauthenticated();
  if (user.suspendedAt !== undefined) throw errors.accountSuspended();
  const device = nameDevice(ctx, caller);
  if (device.token === undefined) await replaceSessions(ctx, tx, { user, deviceId: device.id, caller });
  const session = {
    ...{ id: uuidv7(), amr: [...amr], authenticatedAt: now, user },
    expiresAt: sessionEnd(user.role, now, config.sessions),
  };
  const refresh = createRefreshToken();
  await insertSession(tx, {
    ...{ id: session.id, userId: user.id, amr, now, expiresAt: session.expiresAt },
    ...{ deviceId: device.id, givenDeviceId: readDevice(ctx, caller).id },
    ...{ address: caller.address, userAgent: caller.userAgent },
    tokenHash: hashRefreshToken(refresh),
  });
  await saveKnownDevice(tx, user.id, device.id, now);
  return { session, refresh, deviceToken: device.token };
}

/** Our name for the device; with the token to give it where it came without one of ours. */
function nameDevice({ config }: Context, caller: Caller): { id: string; token: string | undefined } {
  const { id, isSigned } = readDevice({ config }, caller);
  if (isSigned && id !== undefined) return { id, token: undefined };
  const token = createDeviceToken(config.deviceSecret);
  return { id: parseDeviceToken(token, config.deviceSecret).id ?? '', token };
}

async function replaceSessions(
  ctx: Context,
  tx: Transaction,
  { user, deviceId, caller }: { user: User; deviceId: string; caller: Caller },
): Promise<void> {
  const ended = await endReplacedSessions(tx, { userId: user.id, deviceId, now: ctx.clock.now() });
  for (const session_id of ended) {
    const details = { session_id, end_reason: 'replaced' };
    await recordAudit(ctx, tx, caller, { kind: 'session_ended', outcome: 'ok', userId: user.id, details });
  }
}
