import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivLength = 12;
const tagLength = 16;

/** A secret for one use, made of the key from the environment: no two uses share one. */
export function deriveSecret(master: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', `mawid identity ${use}`, 32));
}

/** AES-256-GCM: iv, ciphertext, tag. `name` is bound to it: a sealed key cannot be moved to another row. */
export function sealKey(plain: string, secret: Buffer, name: string): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(name));
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the secret or the name is another one, or a bit was changed. */
export function openKey(sealed: Uint8Array, secret: Buffer, name: string): string {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, ivLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(name)).setAuthTag(bytes.subarray(-tagLength));
  return Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]).toString('utf8');
}
