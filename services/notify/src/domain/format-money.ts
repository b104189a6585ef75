import type { Language, MoneyFact } from './facts.ts';

const riyal: Record<Language, string> = { ar: 'ريال', en: 'SAR' };

/** `1,115.00 ريال` or `1,115.00 SAR`. Every currency of ours has two decimals. */
export function formatMoney({ amount, currency }: MoneyFact, language: Language): string {
  const minor = BigInt(amount);
  const sign = minor < 0n ? '-' : '';
  const size = minor < 0n ? -minor : minor;
  const whole = String(size / 100n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const part = String(size % 100n).padStart(2, '0');
  return `${sign}${whole}.${part} ${currency === 'SAR' ? riyal[language] : currency}`;
}
