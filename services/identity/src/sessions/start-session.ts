import type { Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { createRefreshToken, hashRefreshToken } from '../crypto/refresh-token.ts';
import type { Channel } from '../db/code-requests.ts';
import { insertSession, type LiveSession } from '../db/sessions.ts';
import { sessionEnd } from '../domain/session.ts';
import type { User } from '../domain/user.ts';

export interface SessionStart {
  user: User;
  channel: Channel;
  deviceId: string | undefined;
}

/** Opens a session for a user who has just shown a code. */
export async function startSession(
  { clock, config }: Context,
  tx: Transaction,
  { user, channel, deviceId }: SessionStart,
): Promise<{ session: LiveSession; refresh: string }> {
  const now = clock.now();
  const id = uuidv7();
  // RFC 8176 has a word for text messages, and none for WhatsApp.
  const amr = channel === 'sms' ? ['otp', 'sms'] : ['otp'];
  const refresh = createRefreshToken();
  const expiresAt = sessionEnd(user.role, now, config.sessions);
  await insertSession(tx, { id, userId: user.id, deviceId, amr, now, expiresAt, tokenHash: hashRefreshToken(refresh) });
  return { session: { id, amr, authenticatedAt: now, user }, refresh };
}
