import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { toLatinDigits } from '../domain/digits.ts';
import type { HmacKey } from './hmac-keys.ts';

/** Signing in, proving a number, changing one's number. */
export type CodePurpose = 'auth' | 'verify' | 'change';

/** What a code is good for. It goes into the hash: a row that is moved to another phone or purpose fits no code. */
export interface CodeBinding {
  requestId: string;
  phoneNumber: string;
  purpose: CodePurpose;
}

/** Six random digits, leading zeros kept. */
export function createCode(random: (max: number) => number = (max) => randomInt(max)): string {
  return String(random(1_000_000)).padStart(6, '0');
}

/** The six digits a person typed, in any script and spacing; undefined when they are not six. */
export function parseCode(text: string): string | undefined {
  const digits = toLatinDigits(text).replace(/[\s\-\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

export function toCodeHmac(key: HmacKey, { requestId, phoneNumber, purpose }: CodeBinding, code: string): Buffer {
  return createHmac('sha256', key.secret).update(`${requestId}\n${phoneNumber}\n${purpose}\n${code}`).digest();
}

/** Whether two hashes are equal, in constant time. */
export function isSameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
