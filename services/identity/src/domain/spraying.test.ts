import { describe, expect, it } from '@jest/globals';
import { isSpraying, sliceOf } from './spraying.ts';

const limits = { minWrong: 300, minShare: 0.5 };

describe('isSpraying', () => {
  it.each([
    ['nobody', 0, 0, false],
    ['few, all of them wrong', 0, 299, false],
    ['enough, all of them wrong', 0, 300, true],
    ['as many right as wrong', 300, 300, true],
    ['more right than wrong', 301, 300, false],
    ['a busy day with its mistakes', 20_000, 2_000, false],
  ])('%s', (_, accepted, wrong, expected) => {
    expect(isSpraying({ accepted, wrong }, limits)).toBe(expected);
  });
});

describe('sliceOf', () => {
  it('is the beginning of the slice', () => {
    expect(sliceOf(new Date('2026-11-23T09:00:59.999Z'), 30_000)).toEqual(new Date('2026-11-23T09:00:30Z'));
    expect(sliceOf(new Date('2026-11-23T09:00:30Z'), 30_000)).toEqual(new Date('2026-11-23T09:00:30Z'));
  });
});
