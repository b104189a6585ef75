import { describe, expect, it } from '@jest/globals';
import { formatMoney } from './format-money.ts';

describe('formatMoney', () => {
  it.each([
    ['11500', 'SAR', '115.00 ريال', '115.00 SAR'],
    ['5', 'SAR', '0.05 ريال', '0.05 SAR'],
    ['123456789012345678', 'SAR', '1,234,567,890,123,456.78 ريال', '1,234,567,890,123,456.78 SAR'],
    ['100000', 'AED', '1,000.00 AED', '1,000.00 AED'],
  ])('writes %s %s', (amount, currency, ar, en) => {
    expect(formatMoney({ amount, currency }, 'ar')).toBe(ar);
    expect(formatMoney({ amount, currency }, 'en')).toBe(en);
  });
});
