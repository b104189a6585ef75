import { toLatinDigits } from './digits.ts';
import { parsePhoneNumber } from './phone-number.ts';

/** What an operator looks for; everybody, where nothing is said. */
export interface UserSearch {
  /** The number that this is a spelling of: who has it comes first. */
  exactPhone: string | undefined;
  /** The last digits of a number. */
  phoneEnd: string | undefined;
  /** A part of a name or e-mail address, in small letters. */
  part: string | undefined;
}

const separators = /[\s\-().\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c]/gu;

export function parseUserSearch(query: string): UserSearch {
  const text = toLatinDigits(query).trim().replaceAll(/\s+/gu, ' ').toLowerCase();
  const digits = text.replaceAll('\uff0b', '+').replaceAll(separators, '');
  if (!/^\+?\d{4,}$/.test(digits)) return { exactPhone: undefined, phoneEnd: undefined, part: text || undefined };
  return { exactPhone: parsePhoneNumber(text)?.e164, phoneEnd: digits, part: text };
}
