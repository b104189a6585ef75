import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { InfrastructureError } from './infrastructure-error.ts';
import { type Account, isReachable } from './server-account.ts';

/**
 * The wanted folder where the account can reach it, else one under the operating system's temporary folder whose name
 * is made from the wanted one (a checkout under /root, say: its folders are closed to everybody but root).
 */
export async function toReachableFolder(wanted: string, account: Account | undefined): Promise<string> {
  if (await isReachable(wanted, account)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return join(tmpdir(), `mawid-${basename(wanted)}-${name}`);
}

/**
 * Makes the folder and its missing parents so that every account may walk through them. An empty folder of ours (a fresh
 * temporary one, which is closed) is opened too; one that holds something keeps its rights. Refuses a stranger's folder.
 */
export async function createOpenFolder(folder: string): Promise<void> {
  const existed = await lstat(folder).catch(() => undefined);
  if (existed) {
    assertOurs(folder, existed);
    if ((await readdir(folder)).length === 0) await chmod(folder, 0o755);
    return;
  }
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  // A strict umask would close what we have just made.
  for (let path = folder; path.length >= first.length; path = dirname(path)) await chmod(path, 0o755);
}

function assertOurs(folder: string, info: { uid: number; isDirectory(): boolean }): void {
  const user = process.getuid?.();
  if (info.isDirectory() && (user === undefined || info.uid === user)) return;
  throw new InfrastructureError(`${folder} exists but belongs to somebody else: remove it, or run as its owner.`);
}
