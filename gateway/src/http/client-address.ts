import { isIP } from 'node:net';

/** A set of networks, as @mawid/service-kit's setting gives it. */
export interface AddressSet {
  includes(address: string): boolean;
}

/**
 * The client's address: the right-most one of X-Forwarded-For that is no trusted proxy, looked at only when the connection itself comes from one. A header
 * that holds no address where one is expected ends the search at the hop before.
 */
export function clientAddressOf(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trusted: AddressSet,
): string {
  let address = toPlainAddress(peer ?? '');
  const hops = (forwardedFor ?? '').split(',').reverse();
  for (const hop of hops) {
    if (!trusted.includes(address)) break;
    const next = toPlainAddress(hop.trim());
    if (isIP(next) === 0) break;
    address = next;
  }
  return address;
}

/** Without the IPv4 mapping, and without the brackets and ports that some proxies add. */
function toPlainAddress(text: string): string {
  const bare = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return /^::ffff:([0-9.]+)$/i.exec(bare)?.[1] ?? bare;
}
