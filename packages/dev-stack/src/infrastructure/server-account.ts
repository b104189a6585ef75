import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A user of this machine, as child_process wants it. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * The account to run PostgreSQL under, for it refuses to run as root: `postgres` where the machine has it, else `nobody`.
 * undefined when we are not root, or no such account exists: run as we are. No account is ever created.
 */
export async function findServerAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return findAccount(passwd, 'postgres') ?? findAccount(passwd, 'nobody');
}

function findAccount(passwd: string, name: string): Account | undefined {
  const fields = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':');
  if (!fields) return undefined;
  return { uid: Number(fields[2]) >>> 0, gid: Number(fields[3]) >>> 0 };
}

/** Whether the account may walk down to the folder, or to the deepest part of it that exists. No account: yes. */
export async function isReachable(folder: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true;
  for (let path = folder; ; path = dirname(path)) {
    const info = await stat(path).catch(() => undefined);
    if (info && !mayEnter(info, account)) return false;
    if (path === dirname(path)) return true;
  }
}

function mayEnter(info: { mode: number; uid: number; gid: number }, account: Account): boolean {
  if (info.uid === account.uid) return (info.mode & 0o100) !== 0;
  if (info.gid === account.gid) return (info.mode & 0o010) !== 0;
  return (info.mode & 0o001) !== 0;
}
