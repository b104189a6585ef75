import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { unavailable, waysToNats } from './infrastructure-error.ts';

const execute = promisify(execFile);

/** Where to look for nats-server. */
export interface NatsBinaryOptions {
  /** The PATH of the environment. */
  searchPath: string;
  /** Holds programs that were fetched before. */
  cacheFolder: string;
  /** Whether the operating system's package may be fetched. */
  download: boolean;
}

/**
 * The path of a nats-server: from PATH, else from the cache, else from the operating system's package, which is unpacked
 * into the cache without installing it (no root needed). Rejects with InfrastructureError that lists every way to get one.
 */
export async function findNatsBinary(options: NatsBinaryOptions): Promise<string> {
  const cached = join(options.cacheFolder, 'nats-server');
  const folders = [...options.searchPath.split(delimiter).filter(Boolean), join(cached, 'usr/sbin')];
  const found = await findExecutable(folders, 'nats-server');
  if (found) return found;
  if (!options.download) throw unavailable('nats-server', 'it is not on the PATH', waysToNats);
  try {
    await fetchDebianPackage(options.cacheFolder, cached);
  } catch (error) {
    throw unavailable(
      'nats-server',
      `not on the PATH, and its package cannot be fetched: ${reasonOf(error)}`,
      waysToNats,
    );
  }
  return join(cached, 'usr/sbin/nats-server');
}

async function findExecutable(folders: string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

async function fetchDebianPackage(cacheFolder: string, target: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const work = await mkdtemp(join(cacheFolder, 'fetching-'));
  try {
    await downloadPackage(work);
    const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get brought no package');
    await execute('dpkg-deb', ['-x', join(work, file), join(work, 'unpacked')]);
    // Two first runs at once: whoever comes second finds it done.
    await rename(join(work, 'unpacked'), target).catch(() => access(join(target, 'usr/sbin/nats-server')));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

// A fresh machine has no package lists. They are fetched into a folder of our own: works for everybody, changes nothing.
async function downloadPackage(work: string): Promise<void> {
  const asRoot = ['-o', 'APT::Sandbox::User=root'];
  const download = ['download', 'nats-server'];
  try {
    await execute('apt-get', [...asRoot, ...download], { cwd: work });
  } catch {
    await mkdir(join(work, 'lists/partial'), { recursive: true });
    await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
    const own = [
      ...asRoot,
      '-o',
      `Dir::State::Lists=${join(work, 'lists')}`,
      '-o',
      `Dir::Cache=${join(work, 'cache')}`,
    ];
    await execute('apt-get', [...own, 'update'], { cwd: work });
    await execute('apt-get', [...own, ...download], { cwd: work });
  }
}

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') return 'this machine has no apt-get';
  return (stderr?.trim() || message).split('\n').at(-1) ?? message;
}
