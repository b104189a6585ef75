import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError } from '../errors/startup-error.ts';

export interface Migration {
  name: string;
  script: string;
  /** What Prisma writes into `_prisma_migrations.checksum`. */
  checksum: string;
}

/** The migrations of a folder (`<timestamp>_<name>/migration.sql`) in the order in which they run. */
export function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) throw new StartupError(`no migrations folder at ${folder}`);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => readMigration(folder, name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readMigration(folder: string, name: string): Migration {
  const path = join(folder, name, 'migration.sql');
  if (!existsSync(path)) throw new StartupError(`migration ${name} has no migration.sql`);
  const script = readFileSync(path, 'utf8');
  return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
}
