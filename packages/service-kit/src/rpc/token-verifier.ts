import { hash } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { oldestFirst } from '../oldest-first.ts';
import type { SessionWatch } from '../sessions/session-watch.ts';
import { type Role, roles } from './caller.ts';
import { createKeySource, KeysUnreachableError } from './key-source.ts';

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

export interface TokenVerifier {
  /** The token's content, or undefined when it is not valid. Throws KeysUnreachableError. */
  verify(token: string): Promise<VerifiedToken | undefined>;
}

/** How long a session is believed to live without a watch that says so. */
const unwatchedMs = 60_000;
const cacheSize = 10_000;
/** The longest life of an access token, seconds; ended sessions are remembered for as long. */
const maxLifeSeconds = 900;
/** How far the issuer's clock may be ahead of ours. */
const skewMs = 300_000;

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
  const known = new Map<string, Known>();
  const oldest = oldestFirst(known);
  const running = new Map<string, Promise<Known | undefined>>();
  const now = rules.now ?? Date.now;
  let withdrawals = 0;
  const keys = createKeySource({
    jwksUrl: rules.jwksUrl,
    now: rules.now,
    onWithdrawal() {
      withdrawals += 1;
      known.clear();
    },
  });

  async function check(key: string, text: string): Promise<Known | undefined> {
    const withdrawalsBefore = withdrawals;
    const token = await verifyToken(text, keys.find, rules);
    if (!token) return undefined;
    const { isLive, believedMs } = (await sessions?.judge(token)) ?? { isLive: true, believedMs: unwatchedMs };
    const found = { token: isLive ? token : undefined, until: Math.min(token.expiresAt, now() + believedMs) };
    // What was verified by keys of before is verified again at its next call.
    if (withdrawals !== withdrawalsBefore) return found;
    known.set(key, found);
    if (known.size > cacheSize) known.delete(oldest()?.[0] ?? '');
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
      const isFresh = hit !== undefined && hit.until > now();
      // What is remembered needs no key; it must not hide for ever that its key is gone.
      if (isFresh) keys.refresh();
      else known.delete(key);
      const found = isFresh ? hit : await checkOnce(key, text);
      // Asked again for what is remembered: the session may have ended since.
      return found?.token && !sessions?.isEnded(found.token) ? found.token : undefined;
    },
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
    return toVerified(payload, rules.now?.() ?? Date.now());
  } catch (error) {
    if (isAboutToken(error)) return undefined;
    throw error instanceof KeysUnreachableError ? error : new KeysUnreachableError({ cause: error });
  }
}

// Everything else jose throws here (timeouts, HTTP errors, broken key sets) is about the keys, not about the token.
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  const aboutKeys = [errors.JWKSTimeout, errors.JWKSInvalid, errors.JWKInvalid];
  return !aboutKeys.some((kind) => error instanceof kind) && error.code !== 'ERR_JOSE_GENERIC';
}

// Without its session and version a token could not be ended, and what lives too long would outlive the memory of its end.
function toVerified(payload: JWTPayload, now: number): VerifiedToken | undefined {
  const { sub, exp = 0, iat = 0, sid, ver, auth_time: authTime, locale } = payload;
  const role = roles.find((each) => each === payload.role);
  if (role === undefined || !sub || typeof sid !== 'string' || !Number.isInteger(ver)) return undefined;
  if (exp - iat > maxLifeSeconds || iat * 1000 > now + skewMs) return undefined;
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
