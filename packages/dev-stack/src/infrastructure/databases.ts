import pg from 'pg';

/** The services that own a database each. */
export const databaseNames = ['identity', 'booking', 'payments', 'notify'] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** Extensions that only a superuser should create. btree_gist serves booking's exclusion constraint. */
const extensions: Record<string, readonly string[]> = { booking: ['btree_gist'] };

/**
 * Makes a database and a role for each service, with the given passwords, on the server of the administrator's URL, and
 * returns each owner's URL. No role may connect to another's database. May be called again: what is there is kept, and
 * passwords and rights are set anew.
 */
export async function createDatabases(
  adminUrl: string,
  passwords: Record<DatabaseName, string>,
): Promise<Record<DatabaseName, string>> {
  await withClient(adminUrl, async (client) => {
    for (const name of databaseNames) await createOwnedDatabase(client, name, passwords[name]);
  });
  const named = Object.entries(extensions);
  await Promise.all(named.map(([name, list]) => createExtensions(withDatabase(adminUrl, name), list)));
  const urls = databaseNames.map((name) => [name, toOwnerUrl(adminUrl, name, passwords[name])] as const);
  return Object.fromEntries(urls) as Record<DatabaseName, string>;
}

async function createOwnedDatabase(client: pg.Client, name: string, password: string): Promise<void> {
  const role = client.escapeIdentifier(name);
  const secret = client.escapeLiteral(password);
  const existing = await client.query<{ role: boolean; database: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as role,
            exists (select from pg_database where datname = $1) as database`,
    [name],
  );
  const verb = existing.rows[0]?.role ? 'alter' : 'create';
  await client.query(`${verb} role ${role} login nosuperuser nocreatedb nocreaterole password ${secret}`);
  if (!existing.rows[0]?.database) await client.query(`create database ${role} owner ${role}`);
  await client.query(`revoke all on database ${role} from public`);
  await client.query(`grant connect, temporary, create on database ${role} to ${role}`);
}

/** Creates the extensions in the database of the URL, where they are missing. */
export async function createExtensions(url: string, names: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const name of names) await client.query(`create extension if not exists ${client.escapeIdentifier(name)}`);
  });
}

/** Runs the work on one connection, and closes it whatever happens. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // A server that is stopped while the connection idles must not end this process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server and user, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** The URL of a role on its own database, both of one name. */
export function toOwnerUrl(adminUrl: string, name: string, password: string): string {
  const changed = new URL(withDatabase(adminUrl, name));
  changed.username = name;
  changed.password = encodeURIComponent(password);
  return changed.href;
}
