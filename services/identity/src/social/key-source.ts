import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

export interface KeySourceOptions {
  jwksUrl: string;
  /** How long keys are used without a look at the provider's. */
  cacheMs?: number;
  /** A token with an unknown key leads to such a look, at most once in this time; so does a provider that is away. */
  cooldownMs?: number;
  timeoutMs?: number;
}

/** The keys of a provider could not be fetched: nothing can be said about the token. */
export class KeysUnreachableError extends Error {
  constructor(options: ErrorOptions) {
    super('the keys of the provider cannot be fetched', options);
    this.name = 'KeysUnreachableError';
  }
}

// Longer than outages last, and an end to keys that the provider may have withdrawn meanwhile.
const longestUseMs = 24 * 3_600_000;

/**
 * The keys of a provider. While it is away the last ones are good, at most a day, and it is asked again only now and then: calls must
 * not queue up behind a dead host. Throws KeysUnreachableError, and jose's errors about a token.
 */
export function createKeySource(options: KeySourceOptions): JWTVerifyGetKey {
  const { jwksUrl, cacheMs = 600_000, cooldownMs = 30_000, timeoutMs = 3_000 } = options;
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: cacheMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: timeoutMs,
  });
  let usableUntil = 0;
  let outage: { cause: unknown; until: number } | undefined;

  async function findLastKey(cause: unknown, ...args: Parameters<JWTVerifyGetKey>) {
    const last = remote.jwks();
    if (last === undefined || Date.now() > usableUntil) throw new KeysUnreachableError({ cause });
    return createLocalJWKSet(last)(...args).catch((error: unknown) => {
      // It may be a key of today, which cannot be known.
      throw error instanceof errors.JWKSNoMatchingKey ? new KeysUnreachableError({ cause }) : error;
    });
  }

  return async (header, token) => {
    if (outage !== undefined && Date.now() < outage.until) return findLastKey(outage.cause, header, token);
    try {
      const key = await remote(header, token);
      outage = undefined;
      usableUntil = Date.now() + longestUseMs;
      return key;
    } catch (error) {
      if (isAboutToken(error)) throw error;
      outage = { cause: error, until: Date.now() + cooldownMs };
      return findLastKey(error, header, token);
    }
  };
}

// All else that jose throws here (timeouts, HTTP errors, broken key sets) is about the keys, not about the token.
function isAboutToken(error: unknown): boolean {
  const kinds = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];
  return kinds.some((kind) => error instanceof kind);
}
