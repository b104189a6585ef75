// npm run install-production -- <workspace> <folder>: one service with its production dependencies alone, as an image holds it.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { root } from './tools.ts';

// @prisma/client ships its query compiler for five databases; ours is PostgreSQL.
const unusedPrismaRuntimes = /\.(mysql|sqlite|sqlserver|cockroachdb)\./;

/** Installs a workspace's production dependencies into a folder and returns their size in bytes. */
export function installProduction(workspace: string, folder: string): number {
  for (const file of ['package.json', 'package-lock.json', '.npmrc', ...manifests()]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  execFileSync('npm', ['ci', '--omit=dev', `--workspace=${workspace}`], { cwd: folder, stdio: 'pipe' });
  const runtime = join(folder, 'node_modules/@prisma/client/runtime');
  // The gateway has no database.
  for (const name of existsSync(runtime) ? readdirSync(runtime) : []) {
    if (unusedPrismaRuntimes.test(name)) rmSync(join(runtime, name));
  }
  return sizeOf(join(folder, 'node_modules'));
}

function manifests(): string[] {
  return globSync(['packages/*/package.json', 'services/*/package.json', '{gateway,tests,bench}/package.json'], {
    cwd: root,
  });
}

/** What the files below a folder take on disk, in bytes. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).blocks * 512, 0);
}

if (import.meta.main) {
  const [workspace, folder] = process.argv.slice(2);
  if (workspace === undefined || folder === undefined) {
    console.error('npm run install-production -- <workspace, e.g. services/booking> <folder>');
    process.exitCode = 1;
  } else if (!existsSync(join(root, workspace, 'package.json'))) {
    console.error(`${workspace} is no workspace: one is, for example, services/booking`);
    process.exitCode = 1;
  } else {
    const bytes = installProduction(workspace, resolve(folder));
    console.log(`${workspace}: ${Math.round(bytes / 1e6)} MB of production dependencies`);
  }
}
