import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack, wideLimits } from '@mawid/dev-stack';
import pg from 'pg';
import { parentOf } from './cpu.ts';

/** A system to measure. */
export interface BenchStack {
  readonly stack: Stack;
  /** The processes whose CPU a request costs. */
  readonly processes: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** Boots a seeded system whose PostgreSQL waits for the disk, as in production. */
export async function startBenchStack(): Promise<BenchStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'mawid-bench-'));
  const stack = await startStack({ dataFolder, ports: 'auto', env: { LOG_LEVEL: 'warn', ...wideLimits } });
  const postgres = await findPostgres(stack.databaseUrls.booking);
  const programs = ['gateway', 'identity', 'booking', 'payments', 'notify'] as const;
  const pids = programs.map((name) => [name, stack.processes[name].pid ?? 0] as const);
  return {
    stack,
    processes: Object.fromEntries([...pids, ['postgres', postgres]]),
    async close() {
      await stack.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

// The server's first process is the parent of the one that serves our connection.
async function findPostgres(databaseUrl: string): Promise<number> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return parentOf(rows[0]?.pid ?? 0);
  } finally {
    await client.end();
  }
}
