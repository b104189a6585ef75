import parse from 'libphonenumber-js/max';
import { toLatinDigits } from './digits.ts';

export interface PhoneNumber {
  /** `+966512345678` */
  e164: string;
  /** ISO 3166 code; undefined for numbers of no country (satellites and the like). */
  country: string | undefined;
  /** The digits behind the plus that name the country or network: `966`. */
  dialCode: string;
}

// What people, keyboards and address books put between digits, and the invisible direction marks of Arabic text.
const separators = /[\s\-\u2010-\u2015\u2212().\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u061c]/gu;
const international = /^\+[1-9]\d{7,14}$/;

// libphonenumber knows fewer ranges than the operators have opened (52x, most of 579): the simple rule decides.
const saudiMobile = /^(?:\+9660?|009660?|9660?|0)?(5\d{8})$/;

// The others cannot receive a message, or somebody pays for it: fixed, premium, shared cost, toll-free, pager, voice mail.
const reachableTypes: ReadonlySet<string | undefined> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** A Saudi mobile in any common spelling, or a mobile of another country in E.164 (or with 00); undefined for others. */
export function parsePhoneNumber(text: string): PhoneNumber | undefined {
  const compact = toLatinDigits(text).replaceAll('\uff0b', '+').replace(separators, '');
  const saudi = saudiMobile.exec(compact)?.[1];
  if (saudi !== undefined) return { e164: `+966${saudi}`, country: 'SA', dialCode: '966' };
  const e164 = compact.replace(/^00/, '+');
  if (!international.test(e164) || e164.startsWith('+966')) return undefined;
  return parseForeign(e164);
}

function parseForeign(e164: string): PhoneNumber | undefined {
  const number = parse(e164);
  if (!number?.isValid() || number.ext !== undefined || !reachableTypes.has(number.getType())) return undefined;
  // A national prefix that was left in (+971 050…) is gone here, so that one person has one number.
  return { e164: number.number, country: number.country, dialCode: number.countryCallingCode };
}

/** The number less its last four digits: who pumps messages through a range of numbers stays within a few of these. */
export function prefixOf(e164: string): string {
  return e164.slice(0, -4);
}
