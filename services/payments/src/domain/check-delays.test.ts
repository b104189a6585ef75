import { describe, expect, it } from '@jest/globals';
import { expiredDelayMs, hasLapsed, isGivenUp, openCheckAt, unresolvedDelayMs } from './check-delays.ts';

const at = (time: string) => new Date(`2026-11-22T${time}Z`);

describe('unresolvedDelayMs', () => {
  it('asks after 10 s, 1 min, 5 min, 1 h, then hourly', () => {
    const seconds = [0, 1, 2, 3, 4, 100].map((checks) => unresolvedDelayMs(checks) / 1_000);
    expect(seconds).toEqual([10, 60, 300, 3_600, 3_600, 3_600]);
  });
});

describe('expiredDelayMs', () => {
  it('looks four times more, then leaves it to the webhook', () => {
    expect([0, 1, 2, 3, 4].map(expiredDelayMs)).toEqual([300_000, 3_600_000, 21_600_000, 86_400_000, undefined]);
  });
});

describe('openCheckAt', () => {
  it.each([
    ['polls', '18:00:00', '18:01:00'],
    ['looks right after the page has lapsed', '18:09:30', '18:10:05'],
    ['goes on polling after that', '18:10:05', '18:11:05'],
  ])('%s', (_, now, next) => {
    expect(openCheckAt(at(now), at('18:10:00'), 60_000)).toEqual(at(next));
  });
});

describe('hasLapsed', () => {
  it('leaves the provider five seconds', () => {
    expect(hasLapsed(at('18:10:04.999'), at('18:10:00'))).toBe(false);
    expect(hasLapsed(at('18:10:05'), at('18:10:00'))).toBe(true);
  });
});

describe('isGivenUp', () => {
  it('waits five minutes longer for a payer who is at the bank', () => {
    const page = at('18:10:00');
    expect(isGivenUp(at('18:10:04.999'), page, false)).toBe(false);
    expect(isGivenUp(at('18:10:05'), page, false)).toBe(true);
    expect(isGivenUp(at('18:15:04.999'), page, true)).toBe(false);
    expect(isGivenUp(at('18:15:05'), page, true)).toBe(true);
  });
});
