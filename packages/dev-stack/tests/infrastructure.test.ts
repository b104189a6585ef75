import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startInfrastructure } from '../src/infrastructure/infrastructure.ts';
import { toInfrastructureSettings } from '../src/infrastructure/settings.ts';
import { findRunningProcess, isAlive } from '../src/processes/running-process.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';
import { startTestInfrastructure } from '../src/testing/test-infrastructure.ts';

describe('startInfrastructure', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await createTestFolder();
  });
  afterEach(() => removeTestFolder(folder));

  it('lists every way to get a NATS server when there is none, and leaves no PostgreSQL running', async () => {
    const starting = startInfrastructure({
      folder,
      settings: toInfrastructureSettings({ PATH: '' }),
      durable: false,
      cacheFolder: join(folder, 'empty-cache'),
      download: false,
    });
    const message = await starting.catch((error: Error) => error.message);
    expect(message).toMatch(/^nats-server is not available \(it is not on the PATH\)/);
    expect(message).toMatch(/NATS_URL[\s\S]*apt-get install nats-server[\s\S]*testcontainers/);
    const data = join(folder, 'postgres/data');
    expect(await findRunningProcess(join(data, 'postmaster.pid'), data)).toBeUndefined();
  });

  it('says how to install testcontainers when they are asked for and missing', async () => {
    const settings = toInfrastructureSettings({ MAWID_INFRASTRUCTURE: 'testcontainers' });
    const starting = startInfrastructure({ folder, settings, durable: false });
    await expect(starting).rejects.toThrow('npm install --no-save testcontainers');
  });

  it('takes given URLs as they are and starts nothing', async () => {
    const env = { MAWID_POSTGRES_URL: 'postgres://a:b@db/postgres', NATS_URL: 'nats://n:1' };
    const infrastructure = await startInfrastructure({
      folder,
      settings: toInfrastructureSettings(env),
      durable: true,
    });
    expect(infrastructure).toMatchObject({ postgresUrl: env.MAWID_POSTGRES_URL, natsUrl: env.NATS_URL });
    expect(await readdir(folder)).toEqual(['owner.pid']);
  });
});

describe('startTestInfrastructure', () => {
  it('gives a new database at each call', async () => {
    const infrastructure = await startTestInfrastructure();
    try {
      const urls = await Promise.all([infrastructure.databaseUrl('a'), infrastructure.databaseUrl('a')]);
      expect(new Set(urls).size).toBe(2);
    } finally {
      await infrastructure.close();
    }
  });
});

describe('guard', () => {
  it('ends the children of a program that was killed', async () => {
    const guardian = join(import.meta.dirname, '../src/processes/guardian.ts');
    const program = `
      import { spawn } from 'node:child_process';
      import { guard } from ${JSON.stringify(guardian)};
      const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
      guard(child);
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await sleep(20);
    expect(isAlive(pid)).toBe(false);
  });
});
