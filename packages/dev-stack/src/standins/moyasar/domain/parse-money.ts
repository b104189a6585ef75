import type { FieldErrors } from '../errors.ts';
import { isCurrency } from './money.ts';

export const minimumAmount = 100;

/** A positive whole number of minor units, also as the text of a form; undefined when it is anything else. */
export function parseAmount(value: unknown): number | undefined {
  const amount = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(amount) && (amount as number) > 0 ? (amount as number) : undefined;
}

export function parseChargeAmount(value: unknown, problems: FieldErrors): number {
  const amount = parseAmount(value);
  if (amount === undefined) problems.amount = ['must be an integer'];
  else if (amount < minimumAmount) problems.amount = [`must be greater than ${minimumAmount - 1}`];
  return amount ?? 0;
}

export function parseCurrency(value: unknown, problems: FieldErrors): string {
  const currency = value === undefined || value === '' ? 'SAR' : value;
  if (typeof currency === 'string' && isCurrency(currency)) return currency;
  problems.currency = ['is not a valid currency'];
  return 'SAR';
}

export function parseUrl(field: string, value: unknown, problems: FieldErrors): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) return value;
  problems[field] = ['is not a valid URL'];
  return null;
}

export function parseDescription(value: unknown, problems: FieldErrors): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.length <= 255) return value;
  problems.description = ['must be a text of at most 255 characters'];
  return null;
}
