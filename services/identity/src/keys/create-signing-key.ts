import { randomUUID } from 'node:crypto';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { sealKey } from '../crypto/sealed-key.ts';
import type { StoredKey } from '../db/signing-keys.ts';
import type { KeyTimes } from '../domain/signing-keys.ts';

export const signingAlgorithm = 'ES256';

/** A new key pair, its private half sealed. */
export async function createSigningKey(times: KeyTimes, secret: Buffer): Promise<StoredKey> {
  const { publicKey, privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const kid = randomUUID();
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: signingAlgorithm, use: 'sig' };
  return { ...times, kid, publicJwk, sealedPrivateKey: sealKey(await exportPKCS8(privateKey), secret, kid) };
}
