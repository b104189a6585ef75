import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { signAccessToken } from '../crypto/access-token.ts';
import type { LiveSession } from '../db/sessions.ts';
import { languageOf } from '../domain/user.ts';

export async function issueAccessToken({ config, clock, keyRing }: Context, session: LiveSession): Promise<string> {
  const { user } = session;
  const claims = {
    userId: user.id,
    sessionId: session.id,
    role: user.role,
    sessionVersion: user.sessionVersion,
    amr: session.amr,
    authenticatedAt: session.authenticatedAt,
    locale: languageOf(user),
    tokenId: uuidv7(),
  };
  return signAccessToken(claims, {
    key: await keyRing.requireSigningKey(),
    issuer: config.core.tokenIssuer,
    audience: config.core.tokenAudience,
    clientId: config.tokens.clientId,
    lifetimeSeconds: config.tokens.lifetimeSeconds,
    now: clock.now(),
  });
}
