import { createServer, type Server, type Socket } from 'node:net';
import { PortInUseError } from './port-in-use-error.ts';

/** A listening socket of our own, because closing it must not close the connections it has taken. */
export interface Listener {
  readonly port: number;
  /** Takes no more connections; those that are open stay. */
  stop(): void;
  /** Ends the open connections now. */
  cut(): void;
  /** Resolves when no connection is open any more. */
  emptied(): Promise<void>;
}

/** Listens on `host`:`port` (0: any free port). Throws a PortInUseError, or the system's error. */
export function listen(
  address: { host: string; port: number },
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve();
    });
    onConnection(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(address.port, { cause: error }) : error);
    });
    server.listen(address.port, address.host, () => {
      resolve({
        port: toPort(server),
        stop: () => server.close(),
        cut: () => {
          for (const socket of sockets) socket.destroy();
        },
        emptied: () => (sockets.size === 0 ? Promise.resolve() : new Promise((done) => waiting.push(done))),
      });
    });
  });
}

function toPort(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
