import { describe, expect, it } from '@jest/globals';
import { deriveSecret, openKey, sealKey } from './sealed-key.ts';

const secret = deriveSecret(Buffer.alloc(32, 7), 'test');

describe('sealKey', () => {
  it('opens under the same secret and name only', () => {
    const sealed = sealKey('private', secret, 'key-1');
    expect(sealed.includes('private')).toBe(false);
    expect(openKey(sealed, secret, 'key-1')).toBe('private');
    expect(() => openKey(sealed, secret, 'key-2')).toThrow();
    expect(() => openKey(sealed, deriveSecret(Buffer.alloc(32, 8), 'test'), 'key-1')).toThrow();
    expect(() => openKey(sealed, deriveSecret(Buffer.alloc(32, 7), 'other'), 'key-1')).toThrow();
    sealed[14] = (sealed[14] ?? 0) ^ 1;
    expect(() => openKey(sealed, secret, 'key-1')).toThrow();
  });
});
