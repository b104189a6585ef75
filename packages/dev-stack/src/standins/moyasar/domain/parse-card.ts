import { toLatinDigits } from '../../shared/latin-digits.ts';
import type { Fields } from '../../shared/parse-fields.ts';
import type { FieldErrors } from '../errors.ts';

export interface Card {
  readonly name: string;
  readonly number: string;
  readonly month: string;
  readonly year: string;
}

/** Reads the card fields of a form or of a `creditcard` source: a card, or the problems by field. */
export function parseCard(fields: Fields, now: Date): { card: Card } | { problems: FieldErrors } {
  const name = toPlain(fields.name);
  const number = toPlain(fields.number).replace(/[\s-]/g, '');
  const month = toPlain(fields.month).padStart(2, '0');
  const year = toFullYear(toPlain(fields.year));
  const problems: FieldErrors = {};
  if (!/\S+\s+\S+/.test(name)) problems.name = ['must be at least two words'];
  if (!/^\d{14,19}$/.test(number)) problems.number = ['is not a card number'];
  if (!/^(0[1-9]|1[0-2])$/.test(month)) problems.month = ['must be between 1 and 12'];
  else if (!/^\d{4}$/.test(year)) problems.year = ['is not a year'];
  else if (isPast(month, year, now)) problems.year = ['card has expired'];
  if (!/^\d{3,4}$/.test(toPlain(fields.cvc))) problems.cvc = ['must be 3 or 4 digits'];
  return Object.keys(problems).length > 0 ? { problems } : { card: { name, number, month, year } };
}

function toPlain(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? toLatinDigits(value).trim() : '';
}

function toFullYear(year: string): string {
  return /^\d{2}$/.test(year) ? `20${year}` : year;
}

/** A card is good until the end of its month. */
function isPast(month: string, year: string, now: Date): boolean {
  return Date.UTC(Number(year), Number(month), 1) <= now.getTime();
}
