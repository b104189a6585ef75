import type { CardCompany } from '../types.ts';

/** `10.00 SAR`, the way `amount_format` shows minor units. */
export function toAmountFormat(amount: number, currency: string): string {
  const digits = fractionDigitsOf(currency);
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}

export function fractionDigitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);
}

const rateInBasisPoints: Readonly<Record<CardCompany, number>> = { mada: 175, visa: 225, master: 225, amex: 325 };

/** The estimated fee with 15 % VAT: a rate by scheme plus one unit. The provider publishes no card of fees; nobody may rely on it. */
export function estimateFee(amount: number, currency: string, company: CardCompany): number {
  const fixed = 10 ** fractionDigitsOf(currency);
  return Math.round(((amount * rateInBasisPoints[company]) / 10_000 + fixed) * 1.15);
}
