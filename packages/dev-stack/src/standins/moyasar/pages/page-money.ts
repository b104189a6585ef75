import { fractionDigitsOf } from '../domain/money.ts';
import type { PageLanguage } from './page-language.ts';

/** `230.00 ر.س` or `SAR 230.00`. The riyal's own sign is too new for most fonts. */
export function toPageMoney(amount: number, currency: string, language: PageLanguage): string {
  const digits = fractionDigitsOf(currency);
  const number = new Intl.NumberFormat('en', { minimumFractionDigits: digits }).format(amount / 10 ** digits);
  if (language === 'en') return `${currency} ${number}`;
  return `${number} ${currency === 'SAR' ? 'ر.س' : currency}`;
}
