import { describe, expect, it } from '@jest/globals';
import { createRetryPolicy } from './retry-policy.ts';

describe('createRetryPolicy', () => {
  it('doubles the most it waits, up to its limit', () => {
    const policy = createRetryPolicy({ maxAttempts: 6, baseDelayMs: 100, maxDelayMs: 500, random: () => 1 });
    expect([1, 2, 3, 4, 5, 6].map((attempt) => policy.delayAfter(attempt))).toEqual([
      100,
      200,
      400,
      500,
      500,
      undefined,
    ]);
  });

  it('waits a random part of it', () => {
    expect(createRetryPolicy({ baseDelayMs: 100, random: () => 0.25 }).delayAfter(1)).toBe(25);
  });

  it('lets a tenth of the calls be retries, once its savings are gone', () => {
    const policy = createRetryPolicy({});
    while (policy.delayAfter(1) !== undefined);
    let retries = 0;
    for (let i = 0; i < 1_000; i++) {
      policy.begin();
      if (policy.delayAfter(1) !== undefined) retries += 1;
    }
    expect(retries).toBeGreaterThanOrEqual(90);
    expect(retries).toBeLessThanOrEqual(100);
  });
});

describe('a policy told when to try again', () => {
  it('waits for as long as the server asks for, and up to half of it more', () => {
    const early = createRetryPolicy({ random: () => 0 });
    const late = createRetryPolicy({ random: () => 0.999 });
    expect([early.delayAfter(1, 1_000), Math.round(late.delayAfter(1, 1_000) ?? 0)]).toEqual([1_000, 1_500]);
  });

  it('does not try again where the server forbids it, and keeps its budget', () => {
    const policy = createRetryPolicy({ random: () => 0 });
    for (let i = 0; i < 50; i++) expect(policy.delayAfter(1, 'never')).toBeUndefined();
    expect(policy.delayAfter(1)).toBe(0);
  });
});
