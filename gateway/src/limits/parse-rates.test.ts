import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../config.ts';
import { parseRates } from './parse-rates.ts';

describe('parseRates', () => {
  it.each([
    ['user=600/1m;address=12000/1m', { user: rate(600, 60), address: rate(12_000, 60) }],
    ['address=5/30s', { address: rate(5, 30) }],
    [' address = 5/2h ; user = 1/1s ', { address: rate(5, 7_200), user: rate(1, 1) }],
    ['user=1000000/24h', { user: rate(1_000_000, 86_400) }],
  ])('reads %s', (text, expected) => {
    expect(parseRates(text)).toEqual(expected);
  });

  it.each([
    '',
    '600/1m',
    'user=0/1m',
    'user=-1/1m',
    'user=1.5/1m',
    'user=10/0s',
    'user=10/m',
    'user=10/1d',
    'user=10/25h',
    'user=1000001/1m',
    'user=10/1m;',
    'user=10/1m;user=5/1m',
    'user=10/1m,address=5/1m',
    'everyone=10/1m',
    'user=10/1m=3',
    'user=１０/1m',
  ])('refuses "%s"', (text) => {
    expect(parseRates(text)).toBeUndefined();
  });

  it('is a setting whose problem has the name and an example', () => {
    const env = { RATE_LIMIT_SPEND: 'ten a minute', RATE_LIMITS: 'maybe' };
    expect(() => loadConfig(env)).toThrow(
      /RATE_LIMITS must be one of on, off; RATE_LIMIT_SPEND must be like user=600\/1m;address=12000\/1m/,
    );
  });
});

function rate(limit: number, windowSeconds: number) {
  return { limit, windowSeconds };
}
