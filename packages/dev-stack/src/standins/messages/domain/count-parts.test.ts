import { describe, expect, it } from '@jest/globals';
import { countParts } from './count-parts.ts';

describe('countParts', () => {
  it.each([
    ['a', 160, 1],
    ['a', 161, 2],
    ['a', 307, 3],
    ['€', 80, 1],
    ['€', 81, 2],
    ['م', 70, 1],
    ['م', 71, 2],
    ['م', 135, 3],
    ['💇', 35, 1],
    ['💇', 36, 2],
  ])('%s × %i is %i', (sign, times, parts) => {
    expect(countParts(sign.repeat(times))).toBe(parts);
  });
});
