import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { type Listener, listen } from '../listener.ts';
import type { Certificates } from './certificates.ts';
import type { KeyMaterial } from './key-material.ts';
import { rememberPeer } from './proven-peers.ts';
import { secureOptions } from './secure-options.ts';

export interface SecureListenerOptions {
  certificates: Certificates;
  /** Takes a connection whose peer has shown a certificate of an authority we trust. */
  onConnection: (socket: TLSSocket) => void;
  /** Is told why a handshake failed, by a code such as `CERT_HAS_EXPIRED`, and with whose address. */
  onRefused?: ((reason: string, address: string | undefined) => void) | undefined;
  /** Handshakes under way at one time, 1000. One more ends the oldest, which is late anyway. */
  maxHandshakes?: number;
  /** Time for a handshake, 10000. */
  handshakeTimeoutMs?: number;
}

/**
 * `listen`, with mutual TLS 1.3 on every connection. New connections get the newest certificates; those that are open keep
 * theirs. `stop()` ends handshakes under way too: no call can have come over them.
 */
export async function listenSecurely(
  address: { host: string; port: number },
  options: SecureListenerOptions,
): Promise<Listener> {
  const { certificates, onConnection, onRefused, maxHandshakes = 1_000, handshakeTimeoutMs = 10_000 } = options;
  const shaking = new Map<string, Socket>();
  let stopped = false;
  const server = createServer({
    ...toContextOptions(certificates.current),
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['h2'],
    handshakeTimeout: handshakeTimeoutMs,
  });
  server.on('secureConnection', (socket) => {
    shaking.delete(endsOf(socket));
    // Whoever serves the connection hears of its end; without a listener an error would be uncaught.
    socket.on('error', () => undefined);
    if (stopped || socket.alpnProtocol !== 'h2') return void socket.destroy();
    rememberPeer(socket, certificates.current.identity.scope);
    onConnection(socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    const reason = socket.authorizationError ?? error.code ?? 'UNKNOWN';
    if (!stopped) onRefused?.(String(reason), socket.remoteAddress);
    // Node itself leaves one open whose time is over.
    socket.destroy();
  });
  const listener = await listen(address, (socket) => {
    const ends = endsOf(socket);
    if (shaking.size >= maxHandshakes) shaking.values().next().value?.destroy();
    shaking.set(ends, socket);
    socket.once('close', () => shaking.get(ends) === socket && shaking.delete(ends));
    socket.on('error', () => undefined);
    server.emit('connection', socket);
  });
  const unsubscribe = certificates.onChange((material) => server.setSecureContext(toContextOptions(material)));
  return {
    ...listener,
    stop() {
      stopped = true;
      unsubscribe();
      listener.stop();
      for (const socket of shaking.values()) socket.destroy();
    },
  };
}

function toContextOptions({ pems }: KeyMaterial) {
  return { ...secureOptions, cert: pems.certFile, key: pems.keyFile, ca: pems.caFile };
}

/** The same for a TCP socket and for the TLS socket on it, and for no other that is open. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
