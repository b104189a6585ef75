import { type ContextKey, createContextKey } from '@connectrpc/connect';

/** Who a certificate is for, by its SPIFFE id `spiffe://<trust domain>/…/sa/<name>`. */
export interface PeerIdentity {
  /** What comes before `/sa/`: the trust domain and, in Kubernetes, the namespace. */
  readonly scope: string;
  /** Name of the service. */
  readonly name: string;
}

/**
 * How the peer of a call has proved who it is, in `HandlerContext.values` and in an interceptor's `contextValues`:
 * undefined when the call did not come over mutual TLS; `name` undefined when its certificate is valid but names no service of
 * the server's own trust domain and namespace. Never from a header.
 */
export const provenPeer: ContextKey<{ readonly name: string | undefined } | undefined> = createContextKey<
  { readonly name: string | undefined } | undefined
>(undefined, { description: 'proven name of the peer' });

const spiffeId = /^(spiffe:\/\/[a-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*)\/sa\/([a-z0-9]+(?:-[a-z0-9]+)*)$/;

/**
 * The identity in a certificate's alternative names, as node:tls and node:crypto write them. Undefined unless there is
 * exactly one URI and it is a SPIFFE id of the form above: two names are no name.
 */
export function parseIdentity(alternativeNames: string | undefined): PeerIdentity | undefined {
  // Node quotes values that could be mistaken for another entry. Nothing that needs quotes is a name of ours.
  if (alternativeNames === undefined || alternativeNames.includes('"')) return undefined;
  const uris = alternativeNames.split(', ').filter((entry) => entry.startsWith('URI:'));
  const [, scope, name] = spiffeId.exec(uris[0]?.slice('URI:'.length) ?? '') ?? [];
  return uris.length === 1 && scope !== undefined && name !== undefined ? { scope, name } : undefined;
}
