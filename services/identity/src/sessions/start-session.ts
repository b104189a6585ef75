import type { Caller, Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { createDeviceToken, parseDeviceToken } from '../crypto/device-token.ts';
import { createRefreshToken, hashRefreshToken } from '../crypto/refresh-token.ts';
import { saveKnownDevice } from '../db/known-devices.ts';
import { insertSession, type LiveSession } from '../db/sessions.ts';
import { readDevice } from '../devices/read-device.ts';
import { sessionEnd } from '../domain/session.ts';
import type { User } from '../domain/user.ts';

export interface SessionStart {
  user: User;
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

/** Opens a session for a user who has just proved who they are. The device is known from then on. */
export async function startSession(
  { clock, config }: Context,
  tx: Transaction,
  { user, amr, caller }: SessionStart,
): Promise<StartedSession> {
  const now = clock.now();
  const id = uuidv7();
  const named = readDevice({ config }, caller);
  const deviceToken = named.isSigned ? undefined : createDeviceToken(config.deviceSecret);
  const knownId = parseDeviceToken(deviceToken ?? caller.deviceId, config.deviceSecret).id ?? '';
  const refresh = createRefreshToken();
  await insertSession(tx, {
    ...{ id, userId: user.id, deviceId: named.id, amr, now },
    address: caller.address,
    userAgent: caller.userAgent,
    expiresAt: sessionEnd(user.role, now, config.sessions),
    tokenHash: hashRefreshToken(refresh),
  });
  await saveKnownDevice(tx, user.id, knownId, now);
  return { session: { id, amr: [...amr], authenticatedAt: now, user }, refresh, deviceToken };
}
