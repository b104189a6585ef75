import { describe, expect, it } from '@jest/globals';
import { secondsUntil, toLimitHeaders, toPolicyField } from './limit-headers.ts';
import { policiesOf } from './policy.ts';

const policies = policiesOf('spend', {
  user: { limit: 20, windowSeconds: 600 },
  address: { limit: 200, windowSeconds: 600 },
});
const [user, address] = policies;

describe('the RateLimit fields', () => {
  it('list the policies of the class', () => {
    expect(toPolicyField(policies)).toBe('"spend-user";q=20;w=600, "spend-address";q=200;w=600');
    expect(toPolicyField([])).toBe('');
  });

  it('show the tighter one', () => {
    if (!user || !address) throw new Error('two policies');
    const at = (one: number, other: number) =>
      toLimitHeaders('x', [
        { policy: user, remaining: one, resetSeconds: 42 },
        { policy: address, remaining: other, resetSeconds: 7 },
      ]).ratelimit;
    expect(at(3, 150)).toBe('"spend-user";r=3;t=42');
    expect(at(3, 2)).toBe('"spend-address";r=2;t=7');
    expect(at(0, 0)).toBe('"spend-user";r=0;t=42');
  });

  it('say no more than the policy where nobody knows what is left', () => {
    expect(toLimitHeaders('x', [])).toEqual({ 'ratelimit-policy': 'x' });
    expect(toLimitHeaders('', [])).toEqual({});
  });

  it.each([
    [1_000, 1],
    [1_001, 2],
    [1, 1],
    [0, 1],
    [-500, 1],
  ])('round %s ms up to %s s', (ms, seconds) => {
    expect(secondsUntil(5_000 + ms, 5_000)).toBe(seconds);
  });
});
