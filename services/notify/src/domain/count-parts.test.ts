import { describe, expect, it } from '@jest/globals';
import { countParts } from './count-parts.ts';

describe('countParts', () => {
  it.each([
    ['nothing', '', 1],
    ['160 Latin letters', 'a'.repeat(160), 1],
    ['161 Latin letters', 'a'.repeat(161), 2],
    ['306 Latin letters', 'a'.repeat(306), 2],
    ['307 Latin letters', 'a'.repeat(307), 3],
    ['80 euro signs, of two places each', '€'.repeat(80), 1],
    ['81 euro signs', '€'.repeat(81), 2],
    ['70 Arabic letters', 'م'.repeat(70), 1],
    ['71 Arabic letters', 'م'.repeat(71), 2],
    ['134 Arabic letters', 'م'.repeat(134), 2],
    ['135 Arabic letters', 'م'.repeat(135), 3],
    ['one Arabic letter among Latin ones', `${'a'.repeat(70)}م`, 2],
    ['a pair that would be cut in two', `${'م'.repeat(66)}💇${'م'.repeat(66)}`, 3],
  ])('counts %s', (_, text, parts) => {
    expect(countParts(text)).toBe(parts);
  });
});
