import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The keys of the issuer could not be fetched: nothing can be said about the token. */
export class KeysUnreachableError extends Error {
  constructor(options: ErrorOptions) {
    super('the keys of the token issuer cannot be fetched', options);
    this.name = 'KeysUnreachableError';
  }
}

export interface KeySourceOptions {
  jwksUrl: string;
  /** A key that was published is no longer: what it signed must not be believed any more. */
  onWithdrawal(): void;
  /** Milliseconds, never backwards. */
  now?: (() => number) | undefined;
}

/** The keys of the token issuer. */
export interface KeySource {
  /** The key of a token. Throws jose's errors about the token, and KeysUnreachableError while no keys were ever fetched. */
  find: JWTVerifyGetKey;
  /** Looks whether the keys are still the same, where the last look is long ago. Waits for nothing and never throws. */
  refresh(): void;
}

/** How long keys are used without a look at the issuer's; with it, how long a withdrawn key goes on being believed. */
const maxAgeMs = 60_000;
/** An unknown key leads to a look at most once in this time; so does an issuer that is away. */
const pauseMs = 5_000;
const timeoutMs = 3_000;

interface Keys {
  readonly find: JWTVerifyGetKey;
  readonly texts: readonly string[];
  readonly until: number;
}

/**
 * While the issuer is away, the keys that it had last are good enough: everybody would be signed out otherwise. It is then looked
 * for only now and then, so that calls do not queue up behind a dead host.
 */
export function createKeySource({ jwksUrl, onWithdrawal, now = () => performance.now() }: KeySourceOptions): KeySource {
  let keys: Keys | undefined;
  let isAway = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    lookedAt = now();
    const found = await fetchKeys(jwksUrl);
    const isWithdrawn = keys?.texts.some((text) => !found.texts.includes(text));
    keys = { ...found, until: now() + maxAgeMs };
    if (isWithdrawn) onWithdrawal();
  }

  async function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    await looking.then(
      () => {
        isAway = false;
      },
      (cause: unknown) => {
        isAway = true;
        if (keys === undefined) throw new KeysUnreachableError({ cause });
      },
    );
  }

  const mayLook = (): boolean => looking !== undefined || now() - lookedAt >= pauseMs;

  function refresh(): void {
    if ((keys === undefined || now() >= keys.until) && mayLook()) lookOnce().catch(() => undefined);
  }

  async function load(): Promise<Keys> {
    // Somebody has looked lately, in vain.
    if (keys !== undefined && isAway && now() - lookedAt < maxAgeMs) refresh();
    else if (keys === undefined || now() >= keys.until) await lookOnce();
    return keys as Keys;
  }

  return {
    refresh,
    async find(header, token) {
      const used = await load();
      try {
        return await used.find(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey) || !mayLook()) throw error;
        await lookOnce();
        return (keys ?? used).find(header, token);
      }
    },
  };
}

async function fetchKeys(url: string): Promise<Pick<Keys, 'find' | 'texts'>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal,
  });
  if (response.status !== 200) throw new Error(`the key set answered ${response.status}`);
  const set = (await response.json()) as JSONWebKeySet;
  return { find: createLocalJWKSet(set), texts: set.keys.map((key) => JSON.stringify(key)) };
}
