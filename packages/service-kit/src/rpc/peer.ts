import type { ContextValues } from '@connectrpc/connect';
import { peerAddress, provenPeer } from '@mawid/rpc';
import { serviceNames } from '../config/core-config.ts';
import { isLoopback, type Networks } from '../config/networks.ts';
import { callHeader } from './call-headers.ts';

/** Whose word counts, for what. */
export interface PeerRules {
  /** From where a forwarded client address is believed in plain text. */
  trustedPeers: Networks;
  /**
   * True where the process has certificates: plain text then proves nothing, from nowhere (a proxy beside the service and
   * a forwarded port come from loopback too).
   */
  hasCertificates?: boolean | undefined;
}

/** Who calls, before any token is looked at. */
export interface Peer {
  /** The calling service; undefined when it has not proved to be one. */
  name: string | undefined;
  /** The end user's address, else the connection's. */
  address: string | undefined;
}

const gateway = 'gateway';
const known: ReadonlySet<string> = new Set([...serviceNames, gateway, 'ops']);

/**
 * Over mutual TLS the certificate names the peer, whatever a header says, and only the gateway, which alone sees clients, may
 * say from where they call. In plain text headers do, from loopback and the trusted networks.
 */
export function peerOf(call: { header: Headers; contextValues: ContextValues }, rules: PeerRules): Peer {
  const address = call.contextValues.get(peerAddress);
  const forwarded = call.header.get(callHeader.clientAddress) || undefined;
  const proven = call.contextValues.get(provenPeer);
  if (proven) {
    const name = proven.name !== undefined && known.has(proven.name) ? proven.name : undefined;
    return { name, address: (name === gateway ? forwarded : undefined) ?? address };
  }
  if (rules.hasCertificates || address === undefined) return { name: undefined, address };
  return {
    name: isLoopback(address) ? call.header.get(callHeader.peer) || undefined : undefined,
    address: (rules.trustedPeers.includes(address) ? forwarded : undefined) ?? address,
  };
}
