import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { locateIdlePostgres } from '../infrastructure/postgres-server.ts';
import { createOpenFolder } from '../infrastructure/reachable-folder.ts';

/**
 * Makes the data folder, emptied when asked.
 * Rejects with InfrastructureError when a system runs on it already.
 */
export async function prepareDataFolder(folder: string, fresh: boolean): Promise<void> {
  const postgres = await locateIdlePostgres(join(folder, 'postgres'));
  if (fresh) {
    await rm(postgres, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
  await createOpenFolder(folder);
}
