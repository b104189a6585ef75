import { describe, expect, it } from '@jest/globals';
import { createKeyDigest } from './key-digest.ts';

describe('the digest of a key', () => {
  it('is the same for the same secret, has no trace of the key and fits a NATS subject', () => {
    const one = createKeyDigest('secret');
    expect(one('address 203.0.113.7')).toBe(createKeyDigest('secret')('address 203.0.113.7'));
    expect(one('address 203.0.113.7')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(one('address 203.0.113.7')).not.toBe(createKeyDigest('other')('address 203.0.113.7'));
    expect(one('address x')).not.toBe(one('user x'));
  });

  it('stays the same when many others came in between', () => {
    const digest = createKeyDigest('secret');
    const before = digest('user a');
    for (let other = 0; other < 50_000; other += 1) digest(`user ${other}`);
    expect(digest('user a')).toBe(before);
  });
});
