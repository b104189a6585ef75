import { createHmac } from 'node:crypto';

/** Turns a user or an address into the name that it is counted under. */
export type KeyDigest = (text: string) => string;

/** Of each of two generations. */
const remembered = 20_000;

/**
 * A keyed hash of 128 bits, in characters that a NATS subject may have: neither a user nor an address stands in subjects, messages or memory dumps of the
 * store, and nobody without the secret finds them by trying. The hashes of those who come often are remembered.
 */
export function createKeyDigest(secret: string): KeyDigest {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  return (text) => {
    const hit = recent.get(text);
    if (hit !== undefined) return hit;
    const digest = older.get(text) ?? createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22);
    if (recent.size >= remembered) {
      older = recent;
      recent = new Map();
    }
    recent.set(text, digest);
    return digest;
  };
}
