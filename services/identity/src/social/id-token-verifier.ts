import { hash } from 'node:crypto';
import type { Clock } from '@mawid/service-kit';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { isForClients, isNonceRight, type SocialIdentity } from '../domain/social-identity.ts';
import { createKeySource, KeysUnreachableError } from './key-source.ts';
import type { ProviderConfig } from './social-settings.ts';

export interface PresentedIdToken {
  idToken: string;
  /** Empty when the client asked the provider without one. */
  nonce: string;
}

/** Whom a token speaks of, and the client that it was made for. */
export interface VerifiedIdentity extends SocialIdentity {
  clientId: string;
}

/** The token is not one we accept. The message says why, for the log alone, and holds nothing of the token. */
export class IdTokenError extends Error {
  constructor(problem: string) {
    super(`an ID token was refused: ${problem}`);
    this.name = 'IdTokenError';
  }
}

/** Throws IdTokenError and KeysUnreachableError. */
export type IdTokenVerifier = (presented: PresentedIdToken) => Promise<VerifiedIdentity>;

const longestToken = 16_384;
const longestSubject = 255;
const longestEmail = 254;

/** Checks the ID tokens of one provider. */
export function createIdTokenVerifier(
  config: ProviderConfig,
  { clock, keys = createKeySource(config) }: { clock: Clock; keys?: JWTVerifyGetKey },
): IdTokenVerifier {
  return async ({ idToken, nonce }) => {
    if (idToken.length > longestToken) throw new IdTokenError('too long');
    const payload = await verify(idToken, { config, keys, now: clock.now() });
    if (!isForClients(payload, config.clientIds)) throw new IdTokenError('for another client');
    if (!isNonceRight(payload.nonce, nonce, sha256)) throw new IdTokenError('nonce');
    return toIdentity(payload, config);
  };
}

function sha256(nonce: string): string {
  return hash('sha256', nonce, 'hex');
}

async function verify(
  idToken: string,
  { config, keys, now }: { config: ProviderConfig; keys: JWTVerifyGetKey; now: Date },
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(idToken, keys, {
      algorithms: ['RS256', 'ES256'],
      issuer: [...config.issuers],
      audience: [...config.clientIds],
      requiredClaims: ['sub', 'exp', 'iat'],
      maxTokenAge: '10m',
      // The clocks of the providers and ours need not agree to the second.
      clockTolerance: 30,
      currentDate: now,
    });
    // A token that says it is something else, an access token for one, is no ID token.
    if (protectedHeader.kid === undefined || (protectedHeader.typ ?? 'JWT').toUpperCase() !== 'JWT')
      throw new IdTokenError('header');
    return payload;
  } catch (error) {
    if (error instanceof KeysUnreachableError || error instanceof IdTokenError) throw error;
    // jose's errors carry the claims, which belong in no log.
    if (error instanceof errors.JWTClaimValidationFailed) throw new IdTokenError(`claim ${error.claim}`);
    throw new IdTokenError(error instanceof errors.JOSEError ? error.code : 'not a token');
  }
}

function toIdentity(payload: JWTPayload, { provider, issuers }: ProviderConfig): VerifiedIdentity {
  const { sub, aud, email } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > longestSubject) throw new IdTokenError('claim sub');
  return {
    provider,
    issuer: issuers[0],
    subject: sub,
    email: typeof email === 'string' && email !== '' && email.length <= longestEmail ? email : undefined,
    clientId: [aud ?? []].flat()[0] ?? '',
  };
}
