import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '../src/infrastructure/databases.ts';
import { type PostgresServer, startPostgresServer } from '../src/infrastructure/postgres-server.ts';
import { freePort } from '../src/processes/free-port.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';

describe('startPostgresServer', () => {
  let folder: string;
  let started: PostgresServer[];

  beforeEach(async () => {
    folder = await createTestFolder();
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((server) => server.close()));
    await removeTestFolder(folder);
  });

  async function start(port?: number): Promise<PostgresServer> {
    const server = await startPostgresServer({ folder: join(folder, 'pg'), durable: true, ...(port ? { port } : {}) });
    started.push(server);
    return server;
  }

  it('keeps its data over a restart', async () => {
    const first = await start();
    await withClient(first.adminUrl, (client) => client.query('create table kept (id int)'));
    await first.close();
    const second = await start();
    const result = await withClient(second.adminUrl, (client) => client.query('select from kept'));
    expect(result.rowCount).toBe(0);
  });

  it('starts over the postmaster.pid of a crashed server', async () => {
    const first = await start();
    await first.close();
    const dead = spawnSync('/bin/true').pid;
    const lines = [dead, join(first.folder, 'data'), 1_700_000_000, first.port, '', '127.0.0.1', '', 'ready'];
    await writeFile(join(first.folder, 'data/postmaster.pid'), `${lines.join('\n')}\n`);
    const second = await start();
    await expect(withClient(second.adminUrl, (client) => client.query('select 1'))).resolves.toBeDefined();
  });

  it('says which process works on the folder already', async () => {
    const first = await start();
    const message = new RegExp(`already running on .*\\(process \\d+, port ${first.port}\\): stop that system first`);
    await expect(start()).rejects.toThrow(message);
  });

  it('names the port in use and the setting that moves it', async () => {
    const port = await freePort();
    const other = await listen(port);
    try {
      await expect(start(port)).rejects.toThrow(
        `Port ${port} is in use: stop the program that listens there, or set POSTGRES_PORT`,
      );
    } finally {
      other.close();
    }
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}
