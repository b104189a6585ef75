import { describe, expect, it, jest } from '@jest/globals';
import { clientDeadline, deadlineOf, remainingMs, rememberDeadline, serverDeadline } from './deadline.ts';

const limits = { defaultMs: 10_000, maxMs: 30_000 };
const now = Date.parse('2026-11-22T09:00:00Z');

describe('deadlines', () => {
  it.each([
    ['without one get the default', undefined, false, now + 10_000],
    ['within the limit stay', now + 20_000, false, now + 20_000],
    ['beyond it are cut', now + 90_000, false, now + 30_000],
    ['of answer streams stay as they are', now + 90_000, true, now + 90_000],
    ['are not invented for answer streams', undefined, true, Number.POSITIVE_INFINITY],
  ])('on the server: calls %s', (_, sent, streams, expected) => {
    jest.useFakeTimers({ now });
    expect(serverDeadline(sent, streams, limits)).toBe(expected);
    jest.useRealTimers();
  });

  it.each([
    ['the default', undefined, false, now + 5_000],
    ['their own', 700, false, now + 700],
    ['the default for 0', 0, false, now + 5_000],
    ['none for 0 when they stream answers', 0, true, Number.POSITIVE_INFINITY],
    ['one in the past for a negative one', -1, false, now - 1],
  ])('on the client: calls get %s', (_, timeoutMs, mayLast, expected) => {
    jest.useFakeTimers({ now });
    expect(clientDeadline(undefined, timeoutMs, { defaultMs: 5_000, mayLast })).toBe(expected);
    jest.useRealTimers();
  });

  it('are inherited from the signal, and only get shorter', () => {
    const { signal } = new AbortController();
    rememberDeadline(signal, now + 1_000);
    jest.useFakeTimers({ now });
    const rules = { defaultMs: 5_000, mayLast: true };
    expect(deadlineOf(signal)).toBe(now + 1_000);
    expect(clientDeadline(signal, undefined, rules)).toBe(now + 1_000);
    expect(clientDeadline(signal, 0, rules)).toBe(now + 1_000);
    expect(clientDeadline(signal, 300, rules)).toBe(now + 300);
    jest.useRealTimers();
  });

  it('are never 0 when they are over', () => {
    jest.useFakeTimers({ now });
    expect(remainingMs(now)).toBe(-1);
    jest.useRealTimers();
  });
});
