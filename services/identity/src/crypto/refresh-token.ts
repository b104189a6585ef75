import { createHash, createHmac, randomBytes } from 'node:crypto';

/** 256 random bits. Only their hash is kept. */
export function createRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * The token that follows a token. It is derived, not drawn: whoever lost the first answer gets the same one again,
 * byte for byte, and no token that works is ever stored. Without the secret nobody can tell what follows.
 */
export function toSuccessor(token: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(token).digest('base64url');
}

/** Whether the text can be one of ours at all. */
export function isRefreshToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}
