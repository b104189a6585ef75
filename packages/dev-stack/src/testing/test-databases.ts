import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { createExtensions, toOwnerUrl, withClient, withDatabase } from '../infrastructure/databases.ts';

const template = 'mawid_test_template';

/** Makes the database that every test database is a copy of: it has btree_gist. May be called by many at once. */
export async function createTemplate(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [templateLock]);
    const found = await client.query('select from pg_database where datname = $1 and datistemplate', [template]);
    if (found.rowCount) return;
    await client.query(`drop database if exists ${template}`);
    await client.query(`create database ${template}`);
    await createExtensions(withDatabase(adminUrl, template), ['btree_gist']);
    await client.query(`alter database ${template} with is_template true allow_connections false`);
  });
}

// Any number that nothing else on the server uses.
const templateLock = 7_061_984;

/** A new database with an owner of its own, which may connect to nothing else; returns the owner's URL. */
export async function createTestDatabase(adminUrl: string, label: string): Promise<string> {
  const name = `test_${label.replaceAll(/[^a-z0-9]/g, '_')}_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('base64url');
  await withClient(adminUrl, async (client) => {
    await client.query(`create role ${name} login password ${client.escapeLiteral(password)}`);
    await client.query(`create database ${name} owner ${name} template ${template}`);
    await client.query(`revoke all on database ${name} from public`);
  });
  return toOwnerUrl(adminUrl, name, password);
}

/** Drops the databases of the owners' URLs, with whoever is still connected, and their owners. */
export async function dropTestDatabases(adminUrl: string, urls: readonly string[]): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const url of urls) await dropTestDatabase(client, new URL(url).username);
  });
}

async function dropTestDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
  await client.query(`drop role if exists ${name}`);
}
