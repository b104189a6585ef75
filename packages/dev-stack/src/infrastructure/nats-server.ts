import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { assertPortFree, freePort } from '../processes/free-port.ts';
import { guard } from '../processes/guardian.ts';
import { findLastingProcess } from '../processes/running-process.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { findNatsBinary, type NatsBinaryOptions } from './nats-binary.ts';
import { type Server, superviseServer } from './server-process.ts';

/** How to run a NATS server of our own. */
export interface NatsServerOptions extends NatsBinaryOptions {
  /** Holds the streams and the server's log. Made when it does not exist. */
  folder: string;
  /** A free one when not given. */
  port?: number;
}

/** A NATS server with JetStream that listens on loopback. */
export interface NatsServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Boots nats-server with JetStream in about 50 ms. Rejects with PortInUseError, or with InfrastructureError when there is
 * no nats-server to be had, when another one works on the folder, or when it ends early (with its last words).
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const binary = await findNatsBinary(options);
  if (options.port !== undefined) await assertPortFree(options.port, 'NATS_PORT');
  await mkdir(options.folder, { recursive: true });
  await assertNotRunning(options.folder);
  const port = options.port ?? (await freePort());
  const server = await boot(binary, options.folder, port);
  return { url: `nats://127.0.0.1:${port}`, port, close: () => server.stop('SIGTERM') };
}

async function assertNotRunning(folder: string): Promise<void> {
  const pidFile = join(folder, 'nats-server.pid');
  const pid = await findLastingProcess(pidFile, folder);
  if (pid === undefined) return rm(pidFile, { force: true });
  throw new InfrastructureError(
    `nats-server is already running on ${folder} (process ${pid}): stop that system first.`,
  );
}

function boot(binary: string, folder: string, port: number): Promise<Server> {
  const flags = ['--addr', '127.0.0.1', '--port', String(port), '--pid', join(folder, 'nats-server.pid')];
  // Its own process group: Ctrl-C must not reach it before those who still publish to it.
  const child = spawn(binary, [...flags, '--jetstream', '--store_dir', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  guard(child);
  child.stderr.pipe(createWriteStream(join(folder, 'nats-server.log')));
  return superviseServer({ name: 'nats-server', child, output: child.stderr, readyLine: 'Server is ready' });
}
