import { type ContextKey, createContextKey } from '@connectrpc/connect';

/**
 * The IP address from which a call came, in `HandlerContext.values` and in an interceptor's `contextValues`, on both
 * wires. Undefined when the socket is gone already, and in calls that came over no socket.
 */
export const peerAddress: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined, {
  description: 'IP address of the peer',
});

/** The address of "address:port"; the address may be IPv6 without brackets. */
export function toAddress(peer: string): string | undefined {
  const colon = peer.lastIndexOf(':');
  const address = colon < 0 ? peer : peer.slice(0, colon);
  return address === '' || address === 'unknown' ? undefined : address;
}
