import { type ClassRates, type LimitKind, limitKinds, type Rate } from './policy.ts';

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const maxLimit = 1_000_000;
const maxWindowSeconds = 86_400;

/**
 * Reads `user=600/1m;address=12000/1m`: how many requests, in how many seconds, minutes or hours (a day at most). One of the two may be absent and is
 * unlimited then. Undefined for anything else.
 */
export function parseRates(text: string): ClassRates | undefined {
  const rates: Partial<Record<LimitKind, Rate>> = {};
  for (const part of text.split(';')) {
    const [name, value = '', ...more] = part.split('=').map((each) => each.trim());
    const kind = limitKinds.find((each) => each === name);
    const rate = parseRate(value);
    if (kind === undefined || rate === undefined || rates[kind] !== undefined || more.length > 0) return undefined;
    rates[kind] = rate;
  }
  return rates;
}

function parseRate(text: string): Rate | undefined {
  const [, count, length, unit] = /^([1-9]\d{0,6})\/([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  const limit = Number(count);
  const windowSeconds = Number(length) * (unitSeconds[unit ?? ''] ?? 0);
  return limit <= maxLimit && windowSeconds > 0 && windowSeconds <= maxWindowSeconds
    ? { limit, windowSeconds }
    : undefined;
}
