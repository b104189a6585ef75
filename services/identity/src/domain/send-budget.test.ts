import { describe, expect, it } from '@jest/globals';
import { refuseSend } from './send-budget.ts';

const limits = { cooldownMs: 60_000, windowMs: 900_000, maxPerWindow: 5, maxPerDay: 10 };
const now = new Date('2026-11-22T18:00:00Z');
const ago = (...seconds: number[]) => seconds.map((each) => new Date(now.getTime() - each * 1000));
const hourly = [9, 8, 7, 6, 5, 4, 3, 2, 1].map((hours) => hours * 3_600);

describe('refuseSend', () => {
  it.each([
    ['the first code', [], undefined],
    ['a code a second after another', [1], ['CODE_COOLDOWN', 59, 'phone-cooldown']],
    ['a code in the same moment', [0], ['CODE_COOLDOWN', 60, 'phone-cooldown']],
    ['a code at the end of the cooldown', [59.5], ['CODE_COOLDOWN', 1, 'phone-cooldown']],
    ['a code after the cooldown', [60], undefined],
    ['the fifth code of a window', [600, 400, 300, 200], undefined],
    ['the sixth', [600, 500, 400, 300, 200], ['CODE_BUDGET_SPENT', 300, 'phone']],
    ['the sixth within a cooldown', [600, 500, 400, 300, 1], ['CODE_BUDGET_SPENT', 300, 'phone']],
    ['the sixth when the first has left the window', [900, 500, 400, 300, 200], undefined],
    ['the tenth of a day', hourly, undefined],
    ['the eleventh', [36_000, ...hourly], ['CODE_BUDGET_SPENT', 50_400, 'phone-day']],
    ['the eleventh when the first is a day old', [86_400, ...hourly], undefined],
    [
      'the sixth when the day is spent too',
      [50_000, 40_000, 30_000, 20_000, 10_000, 600, 500, 400, 300, 200],
      ['CODE_BUDGET_SPENT', 36_400, 'phone-day'],
    ],
  ] as const)('%s', (_, sent, expected) => {
    const refusal = refuseSend(ago(...sent), now, limits);
    expect(refusal && [refusal.reason, refusal.retryAfterSeconds, refusal.policy?.name]).toEqual(expected);
  });

  it('has no cooldown where none is set', () => {
    expect(refuseSend(ago(0), now, { ...limits, cooldownMs: 0 })).toBeUndefined();
  });
});
