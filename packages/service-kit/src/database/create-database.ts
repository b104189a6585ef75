import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { createCallPool } from './call-pool.ts';
import { createMeter, type Meter } from './meter.ts';
import { runQuery } from './run-query.ts';
import type { Database, Transaction, TransactionOptions } from './types.ts';

export interface DatabaseOptions {
  url: string;
  /** `application_name`, seen in pg_stat_activity. */
  name: string;
  poolSize?: number;
  statementTimeoutMs?: number;
  telemetry: Telemetry;
  logger?: Logger | undefined;
}

/**
 * One pool for hot-path SQL and, through `pool`, for Prisma's adapter. Connects at the first statement. Statements of a
 * call that nobody waits for any more are cancelled, see `createCallPool`.
 */
export function createDatabase(options: DatabaseOptions): Database {
  const pool = createPool(options);
  const meter = createMeter(options.telemetry, { pool, namespace: new URL(options.url).pathname.slice(1) });
  let closing: Promise<void> | undefined;
  return {
    pool,
    query: (statement) => runQuery(pool, meter, statement),
    transaction: (work, transactionOptions) => runWithRetries(pool, meter, work, transactionOptions),
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

function createPool({ url, name, poolSize = 10, statementTimeoutMs = 5_000, logger }: DatabaseOptions): Pool {
  const pool = createCallPool({
    connectionString: url,
    application_name: name,
    max: poolSize,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 30_000,
  });
  // An idle connection that breaks is dropped by the pool; without a listener the event would end the process.
  pool.on('error', (error) => logger?.warn({ err: error }, 'an idle database connection broke'));
  return pool;
}

const retryable = new Set(['40001', '40P01']);

async function runWithRetries<T>(
  pool: Pool,
  meter: Meter,
  work: (tx: Transaction) => Promise<T>,
  { retries = 0 }: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await runTransaction(pool, meter, work);
    } catch (error) {
      if (attempt >= retries || !retryable.has((error as { code?: string }).code ?? '')) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
  }
}

async function runTransaction<T>(pool: Pool, meter: Meter, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  // The pool stops listening while a client is out; a connection that dies between two statements must not end the process.
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work({ query: (statement) => runQuery(client, meter, statement) });
    await meter.measure('commit', () => commit(client));
    return result;
  } catch (error) {
    broken ??= await rollback(client);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

// After a failed statement, also one whose error `work` has swallowed, PostgreSQL rolls back and calls that a success.
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: one of its statements had failed');
}

async function rollback(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
  } catch (error) {
    return error as Error;
  }
  return undefined;
}
