import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { parseIdentity } from './peer-identity.ts';

/** What is said of a peer that has a valid certificate. */
export interface ProvenPeer {
  readonly name: string | undefined;
}

const peers = new WeakMap<object, ProvenPeer>();

/**
 * Reads who is at the other end, once for all calls of the connection. Only names of our own `scope` count: the same
 * authority may sign for others, whose services have the same names.
 */
export function rememberPeer(socket: TLSSocket, scope: string): void {
  const certificate = socket.getPeerCertificate();
  const identity = parseIdentity(certificate.subjectaltname);
  peers.set(certificate, { name: identity?.scope === scope ? identity.name : undefined });
  // grpc-js asks for it at every call, and each time Node would decode all of it.
  socket.getPeerCertificate = () => certificate as DetailedPeerCertificate;
}

/** The peer whose certificate grpc-js gives for a call; undefined when there is none. */
export function findPeer(certificate: object | undefined): ProvenPeer | undefined {
  return certificate && peers.get(certificate);
}
