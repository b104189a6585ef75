import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareDataFolder } from '../src/stack/data-folder.ts';
import { loadSecrets } from '../src/stack/secrets.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';

describe('prepareDataFolder', () => {
  let parent: string;
  let folder: string;

  beforeEach(async () => {
    parent = await createTestFolder();
    folder = join(parent, 'data');
  });
  afterEach(() => removeTestFolder(parent));

  it('opens an empty folder for the account that PostgreSQL runs under', async () => {
    await mkdir(folder, { mode: 0o700 });
    await prepareDataFolder(folder, false);
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  it('leaves the rights of a folder in use alone', async () => {
    await mkdir(folder);
    await loadSecrets(folder);
    await chmod(folder, 0o700);
    await prepareDataFolder(folder, false);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('forgets an earlier system when asked', async () => {
    await mkdir(folder);
    await loadSecrets(folder);
    await prepareDataFolder(folder, true);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([true, false])('touches nothing that is not its own (fresh: %s)', async (fresh) => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(prepareDataFolder(folder, fresh)).rejects.toThrow('holds something else');
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });
});
