import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Batch, repeat } from '../repeat.ts';
import type { BookingStand } from './booking-stand.ts';
import type { RecordedCalls } from './record-calls.ts';

const execute = promisify(execFile);

/** Sends recorded statements, each once, as fast as PostgreSQL takes them. */
export interface Replay {
  /** `pgbench`, or what took its place where that is not installed. */
  readonly by: string;
  /** The next so many statements, so many at a time; resolves with the statements per second. */
  run(batch: Batch): Promise<number>;
}

/** Puts the statements' values into a table, from which the replay reads them: pgbench has no other way to give each its own. */
export async function createReplay(stand: BookingStand, { text, values }: RecordedCalls): Promise<Replay> {
  const { client, databaseUrl } = stand;
  await storeValues(client, text, values);
  // The statement itself, with the values of one row for its parameters.
  const replay = `SELECT made.* FROM bench_calls c, LATERAL (${text.replaceAll(/\$(\d+)/g, 'c.p$1')}) made WHERE c.n =`;
  const by = await findPgbench();
  let done = 0;
  return {
    by: by ? 'pgbench' : 'bare pg',
    async run(batch) {
      const first = done;
      done += batch.requests;
      return by ? runPgbench({ databaseUrl, replay, first }, batch) : runClients({ databaseUrl, replay, first }, batch);
    },
  };
}

async function storeValues(client: pg.Client, text: string, values: readonly unknown[][]): Promise<void> {
  await client.query('DROP TABLE IF EXISTS bench_calls');
  await client.query(`PREPARE bench_shape AS ${text}`);
  const shape = `SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = 'bench_shape'`;
  const types = (await client.query<{ types: string[] }>(shape)).rows[0]?.types ?? [];
  await client.query('DEALLOCATE bench_shape');
  const columns = types.map((type, index) => `p${index + 1} ${type}`);
  await client.query(`CREATE TABLE bench_calls (n integer PRIMARY KEY, ${columns.join(', ')})`);
  const places = [`$${types.length + 1}`, ...types.map((_, index) => `$${index + 1}`)];
  const insert = `INSERT INTO bench_calls VALUES (${places.join(', ')})`;
  await client.query('BEGIN');
  for (const [n, each] of values.entries())
    await client.query({ name: 'bench.call', text: insert, values: [...each, n] });
  await client.query('COMMIT');
  await client.query('VACUUM (ANALYZE) bench_calls');
}

interface ReplayPart {
  readonly databaseUrl: string;
  readonly replay: string;
  readonly first: number;
}

async function runPgbench(
  { databaseUrl, replay, first }: ReplayPart,
  { requests, concurrency }: Batch,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'mawid-pgbench-'));
  try {
    const file = join(folder, 'create-booking.sql');
    const each = requests / concurrency;
    const lines = [`\\set n ${first} + :client_id * ${each} + :i`, `${replay} :n;`, '\\set i :i + 1'];
    await writeFile(file, `${lines.join('\n')}\n`);
    const { username, password, hostname, port, pathname } = new URL(databaseUrl);
    const place = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)];
    const load = ['-n', '-M', 'prepared', '-c', String(concurrency), '-j', '2', '-t', String(each), '-D', 'i=0'];
    const env = { ...process.env, PGPASSWORD: decodeURIComponent(password) };
    const { stdout } = await execute('pgbench', [...load, '-f', file, ...place], { env });
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runClients({ databaseUrl, replay, first }: ReplayPart, batch: Batch): Promise<number> {
  const clients = Array.from({ length: batch.concurrency }, () => new pg.Client(databaseUrl));
  await Promise.all(clients.map((client) => client.connect()));
  let next = first;
  const { seconds } = await repeat(batch, async (loop) => {
    const values = [next++];
    await clients[loop]?.query({ name: 'bench.replay', text: `${replay} $1`, values });
  });
  await Promise.all(clients.map((client) => client.end()));
  return batch.requests / seconds;
}

function findPgbench(): Promise<boolean> {
  return execute('pgbench', ['--version']).then(
    () => true,
    () => false,
  );
}
