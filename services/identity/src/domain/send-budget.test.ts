import { describe, expect, it } from '@jest/globals';
import { refuseSend } from './send-budget.ts';

const limits = { cooldownMs: 60_000, windowMs: 900_000, maxPerWindow: 5 };
const now = new Date('2026-11-22T18:00:00Z');
const ago = (...seconds: number[]) => seconds.map((each) => new Date(now.getTime() - each * 1000));

describe('refuseSend', () => {
  it.each([
    ['the first code', [], undefined],
    ['a code a second after another', [1], { reason: 'CODE_COOLDOWN', retryAfterSeconds: 59 }],
    ['a code in the same moment', [0], { reason: 'CODE_COOLDOWN', retryAfterSeconds: 60 }],
    ['a code at the end of the cooldown', [59.5], { reason: 'CODE_COOLDOWN', retryAfterSeconds: 1 }],
    ['a code after the cooldown', [60], undefined],
    ['the fifth code of a window', [600, 400, 300, 200], undefined],
    ['the sixth', [600, 500, 400, 300, 200], { reason: 'CODE_BUDGET_SPENT', retryAfterSeconds: 300 }],
    ['the sixth within a cooldown', [600, 500, 400, 300, 1], { reason: 'CODE_BUDGET_SPENT', retryAfterSeconds: 300 }],
    ['the sixth when the first has left the window', [900, 500, 400, 300, 200], undefined],
  ] as const)('%s', (_, sent, expected) => {
    expect(refuseSend(ago(...sent), now, limits)).toEqual(expected);
  });
});
