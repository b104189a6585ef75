import { isIPv6 } from 'node:net';

/**
 * What a client's address is limited as: an IPv4 address itself, also where it is mapped into IPv6; of an IPv6 address the first 64 bits, because whoever
 * has one has all of that network. Anything else stays as it is.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || !isIPv6(address)) return address;
  const groups = toGroups(address.split('%', 1)[0] ?? '');
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return groups.slice(6).flatMap(toBytes).join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of a valid address, in all its spellings. */
function toGroups(address: string): number[] {
  const [head = '', tail] = address.split('::', 2);
  const before = toNumbers(head);
  const after = toNumbers(tail ?? '');
  const gap = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...gap, ...after];
}

function toNumbers(part: string): number[] {
  if (part === '') return [];
  return part
    .split(':')
    .flatMap((group) => (group.includes('.') ? dottedToGroups(group) : [Number.parseInt(group, 16)]));
}

/** `192.0.2.1`, the last 32 bits of some spellings. */
function dottedToGroups(dotted: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function toBytes(group: number): number[] {
  return [group >> 8, group & 255];
}
