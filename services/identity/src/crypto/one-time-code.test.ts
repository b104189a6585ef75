import { describe, expect, it } from '@jest/globals';
import { createCode, isSameHash, parseCode, toCodeHmac } from './one-time-code.ts';

const key = { id: 'a', secret: Buffer.alloc(32, 1) };
const binding = { requestId: 'r', phoneNumber: '+966512345678', purpose: 'auth' } as const;

/** Chi-square of codes over buckets by `bucketOf`, 99 degrees of freedom. */
function chiSquareOf(draws: number, bucketOf: (code: string) => number): number {
  const buckets = new Array<number>(100).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const bucket = bucketOf(createCode());
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  const expected = draws / buckets.length;
  return buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('createCode', () => {
  it('O1: has six digits, leading zeros kept', () => {
    expect([0, 42, 999_999].map((drawn) => createCode(() => drawn))).toEqual(['000000', '000042', '999999']);
    expect(Array.from({ length: 1_000 }, () => createCode()).filter((code) => !/^\d{6}$/.test(code))).toEqual([]);
  });

  it.each([
    ['first', 0],
    ['middle', 2],
    ['last', 4],
  ])('O1: 100 000 codes are spread evenly by their %s two digits', (_, from) => {
    const draw = () => chiSquareOf(100_000, (code) => Number(code.slice(from, from + 2)));
    // p = 0.001. A good source is beyond it once in a thousand times, so it is asked again then.
    const limit = 148.23;
    expect(Math.min(draw(), draw())).toBeLessThan(limit);
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

describe('isSameHash', () => {
  it('O9: compares in constant time what is equally long, and refuses the rest before', () => {
    const hash = Buffer.alloc(32, 7);
    const others = [hash, Buffer.alloc(32, 8), hash.subarray(1), Buffer.alloc(0), Buffer.alloc(33, 7)];
    expect(others.map((other) => isSameHash(hash, other))).toEqual([true, false, false, false, false]);
  });
});

describe('toCodeHmac', () => {
  const hmac = toCodeHmac(key, binding, '012345');

  it('O9: fits the same code of the same request only', () => {
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
