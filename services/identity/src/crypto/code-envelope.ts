import { CompactEncrypt } from 'jose';

/** A code as compact JWE (dir, A256GCM): it passes the outbox and the stream, and only notify can read it. */
export function sealCode(code: string, key: Uint8Array): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(code))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(key);
}
