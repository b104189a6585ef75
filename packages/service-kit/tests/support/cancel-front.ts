import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What becomes of cancel requests: they pass, are kept without an answer, or meet a connection that breaks. */
export type CancelFate = 'pass' | 'keep' | 'break';

/** A way to PostgreSQL that knows cancel requests, in plain text or, with a certificate, by TLS alone. */
export interface CancelFront {
  /** The server's URL with the front's port. */
  readonly url: string;
  /** Cancel requests seen. */
  readonly cancels: number;
  close(): void;
}

interface FrontOptions {
  fate: CancelFate;
  certificate?: { cert: string; key: string } | undefined;
}

const cancelRequest = 80_877_102;

export async function startCancelFront(target: string, { fate, certificate }: FrontOptions): Promise<CancelFront> {
  const url = new URL(target);
  const { hostname, port } = url;
  const sockets = new Set<Socket>();
  let cancels = 0;

  function pass(from: Socket): void {
    from.on('error', () => undefined);
    from.once('data', (first) => {
      const isCancel = first.length === 16 && first.readInt32BE(4) === cancelRequest;
      if (isCancel) cancels += 1;
      if (isCancel && fate === 'keep') return;
      if (isCancel && fate === 'break') return void from.resetAndDestroy();
      const to = connect(Number(port), hostname).on('error', () => from.destroy());
      to.write(first);
      from.pipe(to).pipe(from);
      from.once('close', () => to.destroy());
    });
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    if (certificate === undefined) return pass(socket);
    // The client asks whether TLS is spoken here.
    socket.once('data', () => {
      socket.write('S');
      pass(new TLSSocket(socket, { isServer: true, ...certificate }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    get cancels() {
      return cancels;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
