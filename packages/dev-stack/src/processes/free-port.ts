import { createServer, type Server } from 'node:net';
import { PortInUseError } from './port-in-use-error.ts';

/** A loopback port that nothing listens on at this moment. Another program may take it before the caller does. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** As many different free loopback ports; see freePort. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held until the last one is known, so that none comes twice.
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * Resolves when nothing listens on the loopback port.
 * Rejects with PortInUseError, which names the setting that moves the port, when something does.
 */
export async function assertPortFree(port: number, setting: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(port, setting);
    throw error;
  }
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
