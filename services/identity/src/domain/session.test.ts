import { describe, expect, it } from '@jest/globals';
import { accessLifetime, judgeUsedToken, type PresentedToken, sessionEnd } from './session.ts';

const now = new Date('2026-11-22T18:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const hour = 3_600_000;
const limits = { customerLifetimeMs: 30 * 24 * hour, staffLifetimeMs: 24 * hour, staffIdleMs: hour, graceMs: 30_000 };

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

describe('accessLifetime', () => {
  it.each([
    [at(10_000), 900],
    [at(900), 900],
    [at(899), 899],
    [at(0.4), 1],
  ])('of a session that ends at %j is %i seconds', (end, seconds) => {
    expect(accessLifetime(now, end, 900)).toBe(seconds);
  });
});

describe('judgeUsedToken', () => {
  const used: PresentedToken = {
    ...{ usedAt: at(-10), usedBy: 'd', endedAt: undefined, expiresAt: at(100), lastUsedAt: at(-10) },
    ...{ role: 'customer', deviceId: 'md1.x', givenDeviceId: 'd' },
  };
  const unused: PresentedToken = { ...used, usedAt: undefined, usedBy: undefined };
  const staff: PresentedToken = { ...unused, role: 'staff' };
  const nameless: PresentedToken = { ...used, usedBy: undefined, givenDeviceId: undefined };

  it.each<[string, PresentedToken, string | undefined, string]>([
    ['within the grace', used, 'd', 'repeat'],
    ['at the end of the grace', { ...used, usedAt: at(-30) }, 'd', 'repeat'],
    ['after the grace', { ...used, usedAt: at(-31) }, 'd', 'reuse'],
    ['from another device', used, 'e', 'reuse'],
    ['from no device', used, undefined, 'reuse'],
    ['used under its own name, under ours', used, 'md1.x', 'repeat'],
    ['used under our name, under its own', { ...used, usedBy: 'md1.x' }, 'd', 'repeat'],
    ['under a name of ours for another device', used, 'md1.y', 'reuse'],
    ['without names on either side', nameless, undefined, 'repeat'],
    ['used under our name, without one', { ...nameless, usedBy: 'md1.x' }, undefined, 'reuse'],
    ['of an ended session, within the grace', { ...used, endedAt: at(-5) }, 'd', 'invalid'],
    ['of an expired session', { ...used, expiresAt: now }, 'd', 'invalid'],
    ['that was never used', unused, 'd', 'invalid'],
    ['of a staff session just used', { ...staff, lastUsedAt: at(-3_599) }, 'd', 'invalid'],
    ['of a staff session not used for an hour', { ...staff, lastUsedAt: at(-3_600) }, 'd', 'idle'],
    ['of a customer session not used for an hour', { ...unused, lastUsedAt: at(-3_600) }, 'd', 'invalid'],
    ['used long ago in an idle staff session', { ...staff, usedAt: at(-4_000), lastUsedAt: at(-3_900) }, 'd', 'reuse'],
  ])('a token %s', (_, token, deviceId, expected) => {
    expect(judgeUsedToken(token, { now, deviceId, limits })).toBe(expected);
  });
});
