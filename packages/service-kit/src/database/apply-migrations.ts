import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../errors/startup-error.ts';
import { type Migration, readMigrations } from './read-migrations.ts';
import { withSchemaEngine } from './schema-engine.ts';

export interface MigrationOptions {
  databaseUrl: string;
  /** `services/X/prisma/migrations` */
  folder: string;
}

// Any number that nothing else in the database locks; the engine's own lock is 72707369.
const lockId = 72_707_370;

/**
 * Applies what the database does not have yet and returns the names, in order. Several processes may call it at
 * once: one works, the others wait and then find nothing to do. Throws StartupError when a migration fails or was
 * edited after it was applied.
 */
export async function applyMigrations({ databaseUrl, folder }: MigrationOptions): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockId]);
    const missing = migrations.filter(isMissing(await loadApplied(client)));
    return missing.length === 0 ? [] : await runEngine(databaseUrl, folder, migrations);
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

async function loadApplied(client: pg.Client): Promise<Map<string, string>> {
  const table = await client.query<{ name: string | null }>(`SELECT to_regclass('_prisma_migrations')::text AS name`);
  if (!table.rows[0]?.name) return new Map();
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function isMissing(applied: ReadonlyMap<string, string>): (migration: Migration) => boolean {
  return ({ name, checksum }) => {
    const known = applied.get(name);
    if (known !== undefined && known !== checksum)
      throw new StartupError(`migration ${name} was edited after it was applied`);
    return known === undefined;
  };
}

async function runEngine(databaseUrl: string, folder: string, migrations: readonly Migration[]): Promise<string[]> {
  const lockfile = join(folder, 'migration_lock.toml');
  const migrationsList = {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lockfile) ? readFileSync(lockfile, 'utf8') : null },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, script }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: script } },
    })),
  };
  const filters = { externalTables: [], externalEnums: [] };
  try {
    const output = await withSchemaEngine(databaseUrl, (engine) => engine.applyMigrations({ migrationsList, filters }));
    return output.appliedMigrationNames;
  } catch (error) {
    throw new StartupError(toOneLine(error), { cause: error });
  }
}

// The engine's message holds PostgreSQL's error and, further down, a trace of its own with the migration's name.
function toOneLine(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
  const name = /migration_name="([^"]+)"/.exec(text)?.[1];
  const reason = /ERROR: (.+?)(?= \d+: \w+::|$)/.exec(text)?.[1] ?? text.slice(0, 300);
  return name ? `migration ${name} failed: ${reason}` : `migrations failed: ${reason}`;
}
