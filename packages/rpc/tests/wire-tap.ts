import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy before a server: counts what passes, and can misbehave as networks do. */
export interface WireTap {
  readonly port: number;
  /** Bytes that clients have sent. */
  readonly sent: number;
  /** Bytes that clients have got. */
  readonly received: number;
  /** Connections that were ever opened. */
  readonly connections: number;
  /** Passes nothing on any more, and says nothing: the peer has vanished. */
  freeze(): void;
  /** Cuts all connections. */
  cut(): void;
  close(): Promise<void>;
}

/** Puts a proxy before 127.0.0.1:`port`. */
export async function tapWire(port: number): Promise<WireTap> {
  const sockets = new Set<Socket>();
  const counts = { sent: 0, received: 0, connections: 0 };
  let frozen = false;

  function pass(from: Socket, to: Socket, count: (bytes: number) => void): void {
    sockets.add(from);
    from.on('data', (data) => {
      if (frozen) return;
      count(data.length);
      if (to.write(data)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.on('end', () => frozen || to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      if (!frozen) to.destroy();
    });
  }

  function cut(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const server = createServer({ noDelay: true }, (client) => {
    counts.connections += 1;
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    pass(client, upstream, (bytes) => {
      counts.sent += bytes;
    });
    pass(upstream, client, (bytes) => {
      counts.received += bytes;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get sent() {
      return counts.sent;
    },
    get received() {
      return counts.received;
    },
    get connections() {
      return counts.connections;
    },
    freeze() {
      frozen = true;
    },
    cut,
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
