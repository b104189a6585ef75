import { describe, expect, it } from '@jest/globals';
import { parseNetworkList } from './network-list.ts';

const find = parseNetworkList(`network,asn,kind
# a data centre, and a customer of it
203.0.113.0/24, 64500, hosting
203.0.113.128/25,64501,vpn
198.51.100.7/32,64502,tor

2001:db8::/32,64503,mobile
2001:db8:1:2::/64,64504,hosting
0.0.0.0/0,64599,fixed
`);

describe('parseNetworkList', () => {
  it.each([
    ['203.0.113.1', '64500', 'hosting'],
    ['203.0.113.200', '64501', 'vpn'],
    ['::ffff:203.0.113.200', '64501', 'vpn'],
    ['198.51.100.7', '64502', 'tor'],
    ['198.51.100.8', '64599', 'fixed'],
    ['2001:db8:1::1', '64503', 'mobile'],
    ['2001:0DB8:0001:0002:0:0:0:9', '64504', 'hosting'],
    ['2001:db8:1:2::1', '64504', 'hosting'],
  ])('knows whose network %s is in', (address, asn, kind) => {
    expect(find?.(address)).toEqual({ asn, kind });
  });

  it.each([['2001:db9::1'], ['::1'], ['nonsense'], ['']])('knows nothing of %j', (address) => {
    expect(find?.(address)).toBeUndefined();
  });

  it.each([
    ['203.0.113.0,1,hosting'],
    ['203.0.113.0/33,1,hosting'],
    ['203.0.113.0/24,AS1,hosting'],
    ['203.0.113.0/24,1,castle'],
    ['203.0.113.0/24,1,tor,more'],
    ['nonsense'],
  ])('refuses the line %j', (line) => {
    expect(parseNetworkList(line)).toBeUndefined();
  });
});
