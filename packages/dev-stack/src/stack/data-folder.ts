import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InfrastructureError } from '../infrastructure/infrastructure-error.ts';
import { locateIdlePostgres } from '../infrastructure/postgres-server.ts';
import { createOpenFolder } from '../infrastructure/reachable-folder.ts';
import { secretsFile } from './secrets.ts';

/**
 * Makes the data folder, emptied when asked. Rejects with InfrastructureError when a system runs on it already, and when
 * it holds something that is no system's data: that must be neither mixed with ours nor deleted.
 */
export async function prepareDataFolder(folder: string, fresh: boolean): Promise<void> {
  const postgres = await locateIdlePostgres(join(folder, 'postgres'));
  await assertDataFolder(folder);
  if (fresh) {
    await rm(postgres, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
  await createOpenFolder(folder);
}

async function assertDataFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [] as string[]);
  // The secrets are the first thing that a system writes.
  if (names.length === 0 || names.includes(secretsFile)) return;
  throw new InfrastructureError(`${folder} holds something else: give an empty folder, or one of an earlier start.`);
}
