import { hash } from 'node:crypto';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { SessionWatch } from '../sessions/session-watch.ts';
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
  sessionId: string;
  /** Of the user, when the token was signed: a higher one ends it. */
  sessionVersion: number;
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

/** How long a session is believed to live without a watch that says so. */
const unwatchedMs = 60_000;
const cacheSize = 10_000;
/** The longest life of an access token, seconds; ended sessions are remembered for as long. */
const maxLifeSeconds = 900;

interface Known {
  /** Undefined when its session has ended. */
  token: VerifiedToken | undefined;
  until: number;
}

/**
 * Verifies access tokens (`at+jwt`, RFC 8725), remembering the outcome for a minute at most. With a watch it refuses those whose
 * session has ended.
 */
export function createTokenVerifier(rules: TokenRules, sessions?: SessionWatch): TokenVerifier {
  const keys = createKeySource(rules.jwksUrl);
  const known = new Map<string, Known>();
  const running = new Map<string, Promise<Known | undefined>>();
  const now = rules.now ?? Date.now;

  async function check(key: string, text: string): Promise<Known | undefined> {
    const token = await verifyToken(text, keys, rules);
    if (!token) return undefined;
    const { isLive, believedMs } = (await sessions?.judge(token)) ?? { isLive: true, believedMs: unwatchedMs };
    const found = { token: isLive ? token : undefined, until: Math.min(token.expiresAt, now() + believedMs) };
    if (known.size >= cacheSize) known.delete(known.keys().next().value ?? '');
    known.set(key, found);
    return found;
  }

  // Many calls may bring one token at one moment; it is verified, and asked about, once.
  function checkOnce(key: string, text: string): Promise<Known | undefined> {
    const current = running.get(key);
    if (current) return current;
    const begun = check(key, text).finally(() => running.delete(key));
    running.set(key, begun);
    return begun;
  }

  return {
    async verify(text) {
      const key = hash('sha256', text, 'base64');
      const hit = known.get(key);
      if (hit && hit.until <= now()) known.delete(key);
      const found = hit && hit.until > now() ? hit : await checkOnce(key, text);
      // Asked again for what is remembered: the session may have ended since.
      return found?.token && !sessions?.isEnded(found.token) ? found.token : undefined;
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
      requiredClaims: ['sub', 'exp', 'iat', 'role', 'sid', 'ver'],
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

// Without its session and version a token could not be ended, and what lives too long would outlive the memory of its end.
function toVerified(payload: JWTPayload): VerifiedToken | undefined {
  const { sub, exp = 0, iat = 0, sid, ver, auth_time: authTime, locale } = payload;
  const role = roles.find((each) => each === payload.role);
  if (role === undefined || !sub || typeof sid !== 'string' || !Number.isInteger(ver)) return undefined;
  if (exp - iat > maxLifeSeconds) return undefined;
  return {
    userId: sub,
    role,
    sessionId: sid,
    sessionVersion: ver as number,
    authTime: typeof authTime === 'number' ? new Date(authTime * 1000) : undefined,
    locale: typeof locale === 'string' ? locale : undefined,
    expiresAt: exp * 1000,
  };
}
