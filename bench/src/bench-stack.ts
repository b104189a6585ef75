import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '@mawid/dev-stack';

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
  const stack = await startStack({ dataFolder, ports: 'auto', env: { LOG_LEVEL: 'warn' } });
  const pidFile = await readFile(join(dataFolder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const postgres = Number(pidFile.split('\n')[0]);
  const programs = ['gateway', 'identity', 'booking', 'payments', 'notify'] as const;
  const pids = programs.map((name) => [name, stack.processes[name].pid] as const);
  return {
    stack,
    processes: Object.fromEntries(
      [...pids, ['postgres', postgres] as const].flatMap(([name, pid]) => (pid ? [[name, pid]] : [])),
    ),
    async close() {
      await stack.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
