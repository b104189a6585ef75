import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InfrastructureError } from './infrastructure-error.ts';
import type { Account } from './server-account.ts';

const execute = promisify(execFile);

const initdbFlags = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=icu',
  '--icu-locale=und',
  '--no-sync',
  '--no-instructions',
];

/**
 * Makes the cluster `<folder>/data` unless it is there, and returns its superuser's password, which is random and is
 * kept in `<folder>/superuser-password`. A first start that was interrupted leaves nothing that counts as a cluster.
 */
export async function createCluster(initdb: string, folder: string, account: Account | undefined): Promise<string> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'superuser-password');
  if (await stat(data).catch(() => undefined)) return (await readFile(passwordFile, 'utf8')).trim();
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const unfinished = `${data}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (account) await chown(unfinished, account.uid, account.gid);
  await runInitdb(initdb, [`--pgdata=${unfinished}`, `--pwfile=${passwordFile}`, ...initdbFlags], folder, account);
  await rename(unfinished, data);
  return password;
}

async function runInitdb(initdb: string, flags: string[], cwd: string, account: Account | undefined): Promise<void> {
  try {
    await execute(initdb, flags, { ...account, cwd, env: { LC_ALL: 'C', TZ: 'UTC' } });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new InfrastructureError(`PostgreSQL's initdb failed: ${stderr?.trim() || message}`, { cause: error });
  }
}
