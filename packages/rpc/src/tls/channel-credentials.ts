import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, experimental } from '@grpc/grpc-js';
import type { Certificates } from './certificates.ts';

/** How a channel proves who it is, and whom it expects. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/**
 * Mutual TLS for a channel: every new connection uses the newest certificates, open ones go on. The server's certificate
 * must be of a trusted authority and be for `serverName`, a DNS name or an IP address.
 */
export function toChannelSecurity(certificates: Certificates, serverName: string): ChannelSecurity {
  const provider = toProvider(certificates);
  const credentials = experimental.createCertificateProviderChannelCredentials(provider, provider, {
    checkServerIdentity: (_, certificate) => checkServerIdentity(serverName, certificate),
  });
  // A server may choose its certificate by the name it is called, which an IP address must not be (RFC 6066, 3); grpc-js always
  // sends one.
  const indication = isIP(serverName) === 0 ? serverName : 'address.invalid';
  return { credentials, options: { 'grpc.ssl_target_name_override': indication } };
}

/** The host in `host:port`, `[::1]:port`, `dns:///host:port`, and the first one in `ipv4:host:port,…`. */
export function hostOf(address: string): string {
  const endpoint = address.replace(/^(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?/, '').split(',', 1)[0] ?? '';
  const [, inBrackets, plain] = /^(?:\[(.+)\](?::\d+)?|([^:]+)(?::\d+)?)$/.exec(endpoint) ?? [];
  return inBrackets ?? plain ?? endpoint;
}

type Provider = experimental.CertificateProvider;

function toProvider(certificates: Certificates): Provider {
  const subscriptions = new Map<unknown, () => void>();

  function subscribe(listener: unknown, tell: () => void): void {
    subscriptions.set(listener, certificates.onChange(tell));
    tell();
  }

  function unsubscribe(listener: unknown): void {
    subscriptions.get(listener)?.();
    subscriptions.delete(listener);
  }

  return {
    addCaCertificateListener: (listener) =>
      subscribe(listener, () => listener({ caCertificate: certificates.current.pems.caFile })),
    addIdentityCertificateListener: (listener) =>
      subscribe(listener, () => {
        const { certFile: certificate, keyFile: privateKey } = certificates.current.pems;
        listener({ certificate, privateKey });
      }),
    removeCaCertificateListener: unsubscribe,
    removeIdentityCertificateListener: unsubscribe,
  };
}
