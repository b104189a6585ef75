import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { signAccessToken } from '../crypto/access-token.ts';
import type { LiveSession } from '../db/sessions.ts';
import { accessLifetime } from '../domain/session.ts';
import { languageOf } from '../domain/user.ts';

/** What a client gets for its session; seconds. */
export interface IssuedToken {
  access: string;
  expiresIn: number;
}

export async function issueAccessToken(ctx: Context, session: LiveSession): Promise<IssuedToken> {
  const { config, keyRing } = ctx;
  const now = ctx.clock.now();
  const expiresIn = accessLifetime(now, session.expiresAt, config.tokens.lifetimeSeconds);
  const access = await signAccessToken(toClaims(session), {
    key: await keyRing.requireSigningKey(),
    issuer: config.core.tokenIssuer,
    audience: config.core.tokenAudience,
    clientId: config.tokens.clientId,
    lifetimeSeconds: expiresIn,
    now,
  });
  return { access, expiresIn };
}

function toClaims({ id, amr, authenticatedAt, user }: LiveSession) {
  return {
    userId: user.id,
    sessionId: id,
    role: user.role,
    sessionVersion: user.sessionVersion,
    amr,
    authenticatedAt,
    locale: languageOf(user),
    tokenId: uuidv7(),
  };
}
