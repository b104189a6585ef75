import type { Queryable, Transaction } from '@mawid/service-kit';
import type { JWK } from 'jose';
import type { KeyTimes } from '../domain/signing-keys.ts';

export interface StoredKey extends KeyTimes {
  kid: string;
  publicJwk: JWK;
  sealedPrivateKey: Uint8Array;
}

interface KeyRow {
  generation: number;
  kid: string;
  public_jwk: JWK;
  sealed_private_key: Buffer;
  active_from: Date;
  retired_at: Date | null;
}

export async function listSigningKeys(on: Queryable): Promise<StoredKey[]> {
  const { rows } = await on.query<KeyRow>({
    name: 'signing_keys.list',
    text: `SELECT generation, kid, public_jwk, sealed_private_key, active_from, retired_at
             FROM signing_keys ORDER BY generation`,
  });
  return rows.map((row) => ({
    generation: row.generation,
    kid: row.kid,
    publicJwk: row.public_jwk,
    sealedPrivateKey: row.sealed_private_key,
    activeFrom: row.active_from,
    retiredAt: row.retired_at ?? undefined,
  }));
}

/** Keeps a key, unless another process has made the one of this generation. */
export async function insertSigningKey(on: Queryable, key: StoredKey, now: Date): Promise<void> {
  await on.query({
    name: 'signing_keys.insert',
    text: `INSERT INTO signing_keys (generation, kid, public_jwk, sealed_private_key, active_from, created_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (generation) DO NOTHING`,
    values: [key.generation, key.kid, key.publicJwk, Buffer.from(key.sealedPrivateKey), key.activeFrom, now],
  });
}

/** Lets nobody else write a key until the end of the transaction; they can be read all the while. */
export async function lockSigningKeys(tx: Transaction): Promise<void> {
  await tx.query({ name: 'signing_keys.lock', text: 'LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE' });
}

/** Withdraws every key there is. */
export async function retireSigningKeys(tx: Transaction, now: Date): Promise<void> {
  await tx.query({
    name: 'signing_keys.retire',
    text: 'UPDATE signing_keys SET retired_at = $1 WHERE retired_at IS NULL',
    values: [now],
  });
}
