import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createDatabases,
  type DatabaseName,
  databaseNames,
  withClient,
  withDatabase,
} from '../src/infrastructure/databases.ts';
import { type PostgresServer, startPostgresServer } from '../src/infrastructure/postgres-server.ts';
import { createTestFolder, removeTestFolder } from '../src/testing/test-folder.ts';

const passwords: Record<DatabaseName, string> = { identity: 'i/1', booking: 'b@2', payments: 'p:3', notify: 'n 4' };

describe('createDatabases', () => {
  let folder: string;
  let server: PostgresServer;
  let urls: Record<DatabaseName, string>;

  beforeAll(async () => {
    folder = await createTestFolder();
    server = await startPostgresServer({ folder, durable: false });
    urls = await createDatabases(server.adminUrl, passwords);
  });
  afterAll(async () => {
    await server.close();
    await removeTestFolder(folder);
  });

  it.each(databaseNames)('lets the role %s create tables in its own database', async (name) => {
    const owner = await withClient(urls[name], async (client) => {
      await client.query('create table proof (id int)');
      const result = await client.query<{ owner: string }>('select current_user as owner');
      return result.rows[0]?.owner;
    });
    expect(owner).toBe(name);
  });

  const pairs = databaseNames.flatMap((role) =>
    databaseNames.filter((other) => other !== role).map((other) => [role, other] as const),
  );

  it.each(pairs)('has the server refuse the role %s on the database %s', async (role, other) => {
    const connecting = withClient(withDatabase(urls[role], other), async () => undefined);
    await expect(connecting).rejects.toMatchObject({ code: '42501' });
  });

  it.each(databaseNames)('refuses the role %s with another’s password', async (name) => {
    const wrong = new URL(urls[name]);
    wrong.password = 'guess';
    await expect(withClient(wrong.href, async () => undefined)).rejects.toMatchObject({ code: '28P01' });
  });

  it('gives booking the extension of its exclusion constraint', async () => {
    const names = await withClient(urls.booking, async (client) => {
      const result = await client.query<{ extname: string }>('select extname from pg_extension');
      return result.rows.map((row) => row.extname);
    });
    expect(names).toContain('btree_gist');
  });

  it('keeps what is there when called again, and takes new passwords', async () => {
    const changed = await createDatabases(server.adminUrl, { ...passwords, notify: 'other' });
    const count = await withClient(changed.notify, (client) => client.query('select from proof'));
    expect(count.rowCount).toBe(0);
  });
});
