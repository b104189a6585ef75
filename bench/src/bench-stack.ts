import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, startStack } from '@mawid/dev-stack';
import pg from 'pg';
import { parentOf } from './cpu.ts';

/** A system to measure. */
export interface BenchStack {
  readonly stack: Stack;
  /** The processes whose CPU a request costs. */
  readonly processes: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

/** The load comes from one address, for phones that are neighbours. Requests are counted all the same, which is part of what they cost. */
const wideLimits = {
  OTP_ADDRESS_SOFT_PER_MINUTE: '1000000',
  OTP_ADDRESS_PER_MINUTE: '1000000',
  OTP_ADDRESS_PER_HOUR: '1000000',
  OTP_ADDRESS_UNSOLVED_PER_MINUTE: '1000000',
  OTP_DEVICE_PER_HOUR: '1000000',
  OTP_PREFIX_SENDS: '1000000',
  OTP_DIAL_CODE_DAILY: '*:100000000',
  OTP_SMS_MONEY_PER_DAY: '2000000000',
  OTP_WHATSAPP_MONEY_PER_DAY: '2000000000',
  REGISTRATIONS_PER_ADDRESS_HOUR: '1000000',
  // No score is as high: nobody is given a puzzle.
  OTP_CHALLENGE_SCORE: '101',
  OTP_DENY_SCORE: '101',
  RATE_LIMIT_READ: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_WRITE: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_SIGN_IN: 'user=1000000/1m;address=1000000/1m',
  RATE_LIMIT_SPEND: 'user=1000000/1m;address=1000000/1m',
};

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
