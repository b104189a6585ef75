import { hash } from 'node:crypto';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Role, roles } from './caller.ts';

export interface TokenRules {
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Where the time comes from, milliseconds. */
  now?: () => number;
}

/** What a valid access token says. */
export interface VerifiedToken {
  userId: string;
  role: Role;
  sessionId?: string | undefined;
  authTime?: Date | undefined;
  /** The language the user chose. */
  locale?: string | undefined;
  /** Milliseconds. */
  expiresAt: number;
}

/** The keys of the issuer could not be fetched: nothing can be said about the token. */
export class KeysUnreachableError extends Error {
  constructor(options: ErrorOptions) {
    super('the keys of the token issuer cannot be fetched', options);
    this.name = 'KeysUnreachableError';
  }
}

export interface TokenVerifier {
  /** The token's content, or undefined when it is not valid. Throws KeysUnreachableError. */
  verify(token: string): Promise<VerifiedToken | undefined>;
}

const cacheMs = 60_000;
const cacheSize = 10_000;

/** Verifies access tokens (`at+jwt`), remembering a good one until it expires, at most a minute. */
export function createTokenVerifier(rules: TokenRules): TokenVerifier {
  const keys = createKeySource(rules.jwksUrl);
  const known = new Map<string, { token: VerifiedToken; until: number }>();
  const now = rules.now ?? Date.now;

  return {
    async verify(text) {
      const key = hash('sha256', text, 'base64');
      const hit = known.get(key);
      if (hit && hit.until > now()) return hit.token;
      known.delete(key);
      const token = await verifyToken(text, keys, rules);
      if (!token) return undefined;
      if (known.size >= cacheSize) known.delete(known.keys().next().value ?? '');
      known.set(key, { token, until: Math.min(token.expiresAt, now() + cacheMs) });
      return token;
    },
  };
}

// While the issuer is away, the keys that it had last are good enough: everybody would be signed out otherwise.
function createKeySource(jwksUrl: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: 300_000,
    cooldownDuration: 5_000,
    timeoutDuration: 3_000,
  });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const last = remote.jwks();
      if (isAboutToken(error) || !last) throw error;
      return createLocalJWKSet(last)(header, token);
    }
  };
}

async function verifyToken(text: string, keys: JWTVerifyGetKey, rules: TokenRules): Promise<VerifiedToken | undefined> {
  try {
    const { payload } = await jwtVerify(text, keys, {
      algorithms: ['ES256', 'EdDSA'],
      typ: 'at+jwt',
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ['sub', 'exp', 'iat', 'role'],
      ...(rules.now ? { currentDate: new Date(rules.now()) } : {}),
    });
    return toVerified(payload);
  } catch (error) {
    if (isAboutToken(error)) return undefined;
    throw new KeysUnreachableError({ cause: error });
  }
}

// Everything else jose throws here (timeouts, HTTP errors, broken key sets) is about the keys, not about the token.
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  const aboutKeys = [errors.JWKSTimeout, errors.JWKSInvalid, errors.JWKInvalid];
  return !aboutKeys.some((kind) => error instanceof kind) && error.code !== 'ERR_JOSE_GENERIC';
}

function toVerified(payload: JWTPayload): VerifiedToken | undefined {
  const role = roles.find((each) => each === payload.role);
  if (role === undefined || !payload.sub || payload.exp === undefined) return undefined;
  return {
    userId: payload.sub,
    role,
    sessionId: typeof payload.sid === 'string' ? payload.sid : undefined,
    authTime: typeof payload.auth_time === 'number' ? new Date(payload.auth_time * 1000) : undefined,
    locale: typeof payload.locale === 'string' ? payload.locale : undefined,
    expiresAt: payload.exp * 1000,
  };
}
