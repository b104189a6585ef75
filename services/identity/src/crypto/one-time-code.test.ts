import { describe, expect, it } from '@jest/globals';
import { createCode, isSameHash, parseCode, toCodeHmac } from './one-time-code.ts';

const key = { id: 'a', secret: Buffer.alloc(32, 1) };
const binding = { requestId: 'r', phoneNumber: '+966512345678', purpose: 'auth' } as const;

describe('createCode', () => {
  it('keeps leading zeros', () => {
    expect(createCode(() => 42)).toBe('000042');
  });

  it('spreads its codes evenly', () => {
    const draws = 100_000;
    const buckets = new Array<number>(100).fill(0);
    for (let draw = 0; draw < draws; draw++) {
      const bucket = Math.floor(Number(createCode()) / 10_000);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    const expected = draws / buckets.length;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99 degrees of freedom, p = 0.0001.
    expect(chiSquare).toBeLessThan(161.3);
  });
});

describe('parseCode', () => {
  it.each([['012345'], ['٠١٢٣٤٥'], ['۰۱۲۳۴۵'], [' 012 345 '], ['012-345'], ['\u200f012345']])('reads %j', (text) => {
    expect(parseCode(text)).toBe('012345');
  });

  it.each([[''], ['12345'], ['1234567'], ['12345a'], ['1e5000'], ['-12345']])('refuses %j', (text) => {
    expect(parseCode(text)).toBeUndefined();
  });
});

describe('toCodeHmac', () => {
  const hmac = toCodeHmac(key, binding, '012345');

  it('fits the same code of the same request only', () => {
    expect(isSameHash(hmac, toCodeHmac(key, binding, '012345'))).toBe(true);
    const others = [
      toCodeHmac(key, binding, '012346'),
      toCodeHmac(key, { ...binding, requestId: 's' }, '012345'),
      toCodeHmac(key, { ...binding, phoneNumber: '+966512345679' }, '012345'),
      toCodeHmac(key, { ...binding, purpose: 'verify' }, '012345'),
      toCodeHmac({ ...key, secret: Buffer.alloc(32, 2) }, binding, '012345'),
      Buffer.alloc(0),
    ];
    expect(others.map((other) => isSameHash(hmac, other))).toEqual(others.map(() => false));
  });
});
