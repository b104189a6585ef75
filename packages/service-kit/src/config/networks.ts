import { BlockList, isIP } from 'node:net';

/** A set of IP networks. */
export interface Networks {
  /** True when the address (IPv4, IPv6 or IPv4-mapped IPv6) lies in one of the networks. */
  includes(address: string): boolean;
}

/** Parses `127.0.0.0/8,::1` and the like; undefined when a part is no address or network. */
export function parseNetworks(text: string): Networks | undefined {
  const list = new BlockList();
  for (const part of text.split(',').map((each) => each.trim())) {
    const [address = '', prefix] = part.split('/');
    const family = isIP(address);
    const length = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (family === 0 || !/^\d*$/.test(prefix ?? '') || length > (family === 4 ? 32 : 128)) return undefined;
    list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
  }
  return { includes: (address) => includes(list, address) };
}

const loopback = parseNetworks('127.0.0.0/8,::1');

/** True for 127.0.0.0/8, ::1 and their mapped forms. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && loopback?.includes(address) === true;
}

function includes(list: BlockList, address: string): boolean {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
