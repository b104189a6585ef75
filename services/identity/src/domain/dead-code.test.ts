import { describe, expect, it } from '@jest/globals';
import { causeOfDeath } from './dead-code.ts';

const now = new Date('2026-11-23T09:00:00Z');
const live = {
  purpose: 'auth',
  deviceId: 'a',
  userId: undefined,
  attempts: 1,
  expiresAt: new Date(now.getTime() + 1),
  usedAt: undefined,
  supersededAt: undefined,
};
const presenter = { purpose: 'auth', deviceId: 'a', userId: undefined, now };

describe('causeOfDeath', () => {
  it.each([
    ['unknown', undefined],
    ['other_purpose', { ...live, purpose: 'verify', usedAt: now }],
    ['other_user', { ...live, userId: 'u' }],
    ['other_device', { ...live, deviceId: 'b' }],
    ['used', { ...live, usedAt: now, expiresAt: now }],
    ['superseded', { ...live, supersededAt: now }],
    ['expired', { ...live, expiresAt: now, attempts: 5 }],
    ['no_attempt_left', { ...live, attempts: 5 }],
    ['no_guess_left', live],
    ['no_guess_left', { ...live, deviceId: undefined }],
  ])('says %s', (cause, code) => {
    expect(causeOfDeath(code, presenter, 5)).toBe(cause);
  });
});
