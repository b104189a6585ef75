import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares a given credential with the expected one in constant time, whatever their lengths. */
export function isSameSecret(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false;
  return timingSafeEqual(toDigest(given), toDigest(expected));
}

function toDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
