import { describe, expect, it } from '@jest/globals';
import { judgeUsedToken, sessionEnd } from './session.ts';

const now = new Date('2026-11-22T18:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const hour = 3_600_000;
const limits = { customerLifetimeMs: 30 * 24 * hour, staffLifetimeMs: 24 * hour, graceMs: 30_000 };

describe('sessionEnd', () => {
  it.each([
    ['customer', 30 * 24],
    ['staff', 24],
    ['manager', 24],
    ['admin', 24],
  ] as const)('gives a %s %i hours', (role, hours) => {
    expect(sessionEnd(role, now, limits)).toEqual(new Date(now.getTime() + hours * hour));
  });
});

describe('judgeUsedToken', () => {
  const used = { usedAt: at(-10), endedAt: undefined, expiresAt: at(100), usedBy: 'd' };

  it.each([
    ['within the grace', used, 'd', 'repeat'],
    ['at the end of the grace', { ...used, usedAt: at(-30) }, 'd', 'repeat'],
    ['after the grace', { ...used, usedAt: at(-31) }, 'd', 'reuse'],
    ['from another device', used, 'e', 'reuse'],
    ['from no device', used, undefined, 'reuse'],
    ['without devices on either side', { ...used, usedBy: undefined }, undefined, 'repeat'],
    ['of an ended session, within the grace', { ...used, endedAt: at(-5) }, 'd', 'invalid'],
    ['of an expired session', { ...used, expiresAt: now }, 'd', 'invalid'],
    ['that was never used', { ...used, usedAt: undefined }, 'd', 'invalid'],
  ] as const)('a token %s', (_, token, deviceId, expected) => {
    expect(judgeUsedToken(token, { now, deviceId, graceMs: limits.graceMs })).toBe(expected);
  });
});
