import { type Clock, type Database, outsideCall, StartupError } from '@mawid/service-kit';
import { type CryptoKey, importPKCS8, type JWK } from 'jose';
import { openKey } from '../crypto/sealed-key.ts';
import { insertSigningKey, listSigningKeys, type StoredKey } from '../db/signing-keys.ts';
import { type KeySchedule, nextKeyAt, publishedKeysAt, signingKeyAt } from '../domain/signing-keys.ts';
import { createSigningKey, signingAlgorithm } from './create-signing-key.ts';

export interface KeyRingOptions {
  database: Database;
  clock: Clock;
  schedule: KeySchedule;
  /** Opens and seals private keys. */
  secret: Buffer;
}

export interface KeyRing {
  /** The key that signs now. */
  requireSigningKey(): Promise<{ kid: string; privateKey: CryptoKey }>;
  /** What verifiers are told. */
  listPublicKeys(): Promise<JWK[]>;
  /** Reads the keys again before the next use: they have changed. */
  forget(): void;
}

// Another process may have made a key, which signs only after the schedule's lead; or withdrawn one, which must not sign for long.
const cacheMs = 5_000;

export function createKeyRing({ database, clock, schedule, secret }: KeyRingOptions): KeyRing {
  let cached: { keys: Promise<StoredKey[]>; until: number } | undefined;
  const opened = new Map<string, Promise<CryptoKey>>();

  function load(): Promise<StoredKey[]> {
    const now = clock.now().getTime();
    if (cached && cached.until > now) return cached.keys;
    // Other calls wait for it too: it must not end with the one that began it.
    const keys = outsideCall(() => listSigningKeys(database));
    const entry = { keys, until: now + cacheMs };
    cached = entry;
    keys.catch(() => {
      if (cached === entry) cached = undefined;
    });
    return keys;
  }

  function open(key: StoredKey): Promise<CryptoKey> {
    const known = opened.get(key.kid) ?? openPrivateKey(key, secret);
    opened.set(key.kid, known);
    return known;
  }

  function forget(): void {
    cached = undefined;
  }

  async function makeFirst(): Promise<void> {
    const now = clock.now();
    const next = nextKeyAt(await listSigningKeys(database), now, schedule);
    if (next !== undefined) await insertSigningKey(database, await createSigningKey(next, secret), now);
    // Also where another has made it since the keys were read: what was read then has no key at all.
    forget();
  }

  return {
    forget,
    async requireSigningKey() {
      if (signingKeyAt(await load(), clock.now()) === undefined) await makeFirst();
      const key = signingKeyAt(await load(), clock.now());
      if (key === undefined) throw new Error('no signing key is active');
      return { kid: key.kid, privateKey: await open(key) };
    },
    async listPublicKeys() {
      if ((await load()).length === 0) await makeFirst();
      return publishedKeysAt(await load(), clock.now(), schedule).map((key) => key.publicJwk);
    },
  };
}

async function openPrivateKey({ kid, sealedPrivateKey }: StoredKey, secret: Buffer): Promise<CryptoKey> {
  let pem: string;
  try {
    pem = openKey(sealedPrivateKey, secret, kid);
  } catch (cause) {
    throw new StartupError('IDENTITY_KEY_ENCRYPTION_KEY does not open the signing keys in the database', { cause });
  }
  return importPKCS8(pem, signingAlgorithm);
}
