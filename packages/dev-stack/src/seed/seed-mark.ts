import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withClient } from '../infrastructure/databases.ts';

/** Whether the PostgreSQL server's data was filled by an earlier start. A server that was made anew was not. */
export async function isSeeded(dataFolder: string, postgresUrl: string): Promise<boolean> {
  const mark = await readFile(fileIn(dataFolder), 'utf8').catch(() => undefined);
  return mark !== undefined && mark.trim() === (await readSystemIdentifier(postgresUrl));
}

/** Remembers that this server's data is filled. */
export async function markSeeded(dataFolder: string, postgresUrl: string): Promise<void> {
  await writeFile(fileIn(dataFolder), `${await readSystemIdentifier(postgresUrl)}\n`);
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'seeded');
}

// PostgreSQL gives each cluster a number of its own when it is made.
async function readSystemIdentifier(postgresUrl: string): Promise<string | undefined> {
  const result = await withClient(postgresUrl, (client) =>
    client.query<{ id: string }>('select system_identifier::text as id from pg_control_system()'),
  );
  return result.rows[0]?.id;
}
