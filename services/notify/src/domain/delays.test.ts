import { describe, expect, it } from '@jest/globals';
import { retryDelayMs, waitDelayMs } from './delays.ts';

const schedule = { baseMs: 400, capMs: 10_000 };

describe('retryDelayMs', () => {
  it('doubles up to the cap', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((count) => retryDelayMs(schedule, { count, random: 0 }));
    expect(delays).toEqual([400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('takes up to half away at random', () => {
    expect(retryDelayMs(schedule, { count: 1, random: 1 })).toBe(200);
    expect(retryDelayMs(schedule, { count: 1, random: 0.5 })).toBe(300);
  });

  it('waits as long as the provider asks', () => {
    expect(retryDelayMs(schedule, { count: 1, random: 0, atLeastMs: 30_000 })).toBe(30_000);
    expect(retryDelayMs(schedule, { count: 7, random: 0, atLeastMs: 1 })).toBe(10_000);
  });
});

describe('waitDelayMs', () => {
  it('starts at half of the base and never passes fifteen seconds', () => {
    expect(waitDelayMs(schedule, 1, 0)).toBe(200);
    expect(waitDelayMs(schedule, 40, 0)).toBe(15_000);
  });
});
