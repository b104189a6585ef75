import { type CryptoKey, SignJWT } from 'jose';
import type { Language, Role } from '../domain/user.ts';

export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  role: Role;
  sessionVersion: number;
  amr: readonly string[];
  authenticatedAt: Date;
  locale: Language;
  tokenId: string;
}

export interface AccessTokenOptions {
  key: { kid: string; privateKey: CryptoKey };
  issuer: string;
  audience: string;
  clientId: string;
  now: Date;
  lifetimeSeconds: number;
}

/** An access token after RFC 9068. */
export function signAccessToken(claims: AccessTokenClaims, options: AccessTokenOptions): Promise<string> {
  const issuedAt = toSeconds(options.now);
  const payload = {
    sid: claims.sessionId,
    role: claims.role,
    ver: claims.sessionVersion,
    amr: [...claims.amr],
    auth_time: toSeconds(claims.authenticatedAt),
    client_id: options.clientId,
    locale: claims.locale,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: options.key.kid })
    .setIssuer(options.issuer)
    .setAudience(options.audience)
    .setSubject(claims.userId)
    .setJti(claims.tokenId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + options.lifetimeSeconds)
    .sign(options.key.privateKey);
}

function toSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
