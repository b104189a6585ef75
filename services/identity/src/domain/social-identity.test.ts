import { describe, expect, it } from '@jest/globals';
import { isForClients, isNonceRight } from './social-identity.ts';
import { mostRevocationAttempts, nextRevocationAt } from './social-revocation.ts';

const hashOf = (nonce: string) => `hash of ${nonce}`;
const hashed = hashOf('n-1');

describe('isNonceRight', () => {
  it.each([
    ['n-1', 'n-1', true],
    [hashed, 'n-1', true],
    [undefined, '', true],
    [undefined, 'n-1', false],
    ['n-1', '', false],
    ['n-1', 'n-2', false],
    ['n-1', hashed, false],
    ['', '', false],
    [['n-1'], 'n-1', false],
    [null, '', false],
  ])('T12: a token with the nonce %j, a client with %j: %j', (inToken, given, expected) => {
    expect(isNonceRight(inToken, given, hashOf)).toBe(expected);
  });
});

describe('isForClients', () => {
  it.each([
    [{ aud: 'ios' }, true],
    [{ aud: ['web'] }, true],
    [{ aud: 'web', azp: 'ios' }, true],
    [{ aud: ['web', 'ios'], azp: 'ios' }, true],
    [{ aud: ['web', 'ios'] }, false],
    [{ aud: ['web', 'other'], azp: 'ios' }, false],
    [{ aud: 'web', azp: 'other' }, false],
    [{ aud: 'web', azp: null }, false],
    [{ aud: 'other' }, false],
    [{ aud: [] }, false],
    [{}, false],
  ])('T12: %j: %j', (claims, expected) => {
    expect(isForClients(claims, ['ios', 'web'])).toBe(expected);
  });
});

describe('nextRevocationAt', () => {
  it('waits longer each time, at most half a day, and gives up after more than two days', () => {
    const now = new Date('2026-11-23T00:00:00Z');
    const waits: number[] = [];
    for (let attempts = 1; attempts < mostRevocationAttempts; attempts += 1) {
      waits.push(((nextRevocationAt(attempts, now)?.getTime() ?? 0) - now.getTime()) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720, 720]);
    expect(waits.reduce((sum, wait) => sum + wait) / 1440).toBeGreaterThan(2);
    expect(nextRevocationAt(mostRevocationAttempts, now)).toBeUndefined();
  });
});
