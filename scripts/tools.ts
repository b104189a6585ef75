import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root folder. */
export const root = join(import.meta.dirname, '..');

const toolsFolder = join(root, 'tools');

/** Path of a command from the tools workspace, e.g. `tool('buf')`. Call {@link ensureTools} first. */
export function tool(name: string): string {
  return join(toolsFolder, 'node_modules', '.bin', name);
}

/** Runs a command in the repository's root and shows its output; throws when it fails. */
export function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit' });
}

/** Each has a package-lock.json of its own: the client's generator needs an older TypeScript beside it than we check with. */
const installed = [toolsFolder, join(toolsFolder, 'client')];

/**
 * Installs the heavy developer tools (buf, Biome, the linters, Google's protos) where a package-lock.json has changed since the last time.
 * They are not part of the root's `npm ci`, which stays small for those who only run Mawid.
 */
export function ensureTools(): void {
  for (const folder of installed) ensureInstalled(folder);
}

function ensureInstalled(folder: string): void {
  const stamp = join(folder, 'node_modules', '.mawid-stamp');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  execFileSync('npm', ['ci', '--prefix', folder], { cwd: folder, stdio: 'inherit' });
  writeFileSync(stamp, wanted);
}
