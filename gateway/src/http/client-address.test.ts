import { describe, expect, it } from '@jest/globals';
import { clientAddressOf } from './client-address.ts';

const trusted = {
  includes: (address: string) => address === '::1' || address.startsWith('127.') || address.startsWith('10.'),
};

describe('clientAddressOf', () => {
  it.each([
    ['203.0.113.7', undefined, '203.0.113.7'],
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.3', '198.51.100.1'],
    ['127.0.0.1', '198.51.100.1, nonsense', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['::1', '[2001:db8::1]:443', '2001:db8::1'],
    ['::1', '198.51.100.1:55', '198.51.100.1'],
    ['::1', '', '::1'],
    [undefined, undefined, ''],
  ])('of a connection from %s with "%s" is %s', (peer, header, expected) => {
    expect(clientAddressOf(peer, header, trusted)).toBe(expected);
  });
});
