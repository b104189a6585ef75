import { Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createCertificateAuthority } from '@mawid/rpc/testing';
import { startTelemetry, type Telemetry } from '@mawid/service-kit';
import { context } from '@opentelemetry/api';
import type { Pool, PoolConfig } from 'pg';
import { createCallPool } from '../src/database/call-pool.ts';
import { withCallSignal } from '../src/rpc/call-signal.ts';
import { type CancelFate, startCancelFront } from './support/cancel-front.ts';

jest.setTimeout(120_000);

let infrastructure: TestInfrastructure;
let telemetry: Telemetry;
let url: string;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  url = await infrastructure.databaseUrl();
  // With it, contexts are kept.
  telemetry = startTelemetry({ service: 'test' });
});
afterAll(async () => {
  await telemetry.shutdown();
  await infrastructure.close();
});

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const left = () => new ConnectError('the call was cancelled', Code.Canceled);

/** Runs `work` as the handler of a call that ends when the controller is aborted. */
function inCall<T>(work: () => Promise<T>): { ended: AbortController; result: Promise<T> } {
  const ended = new AbortController();
  const result = context.with(withCallSignal(context.active(), ended.signal), work);
  result.catch(() => undefined);
  return { ended, result };
}

function openPool(config: PoolConfig & { max: number }, options?: Parameters<typeof createCallPool>[1]): Pool {
  const pool = createCallPool({ connectionString: url, ...config }, options);
  pool.on('error', () => undefined);
  closing.push(() => pool.end());
  return pool;
}

/** A statement of a call whose caller leaves. Answers with what it failed with. */
async function abandon(pool: Pool): Promise<{ code?: string; message: string }> {
  // To connect may take longer than the call lasts, and such a statement does not start.
  await pool.query('SELECT 1');
  const { ended, result } = inCall(() => pool.query('SELECT pg_sleep(8)'));
  setTimeout(() => ended.abort(left()), 50);
  return result.then(
    () => ({ message: 'it was finished' }),
    (error: { code?: string; message: string }) => error,
  );
}

describe('a cancel request', () => {
  it('never hits the next statement of the connection, however late it comes', async () => {
    const pool = openPool({ max: 1 }, { afterMs: 0, everyMs: 1 });
    await pool.query('SELECT 1');
    const outcomes = { cancelled: 0, finished: 0 };
    for (let i = 0; i < 200; i++) {
      const { ended, result } = inCall(() => pool.query('SELECT pg_sleep($1)', [0.001 + (i % 10) * 0.0005]));
      setTimeout(() => ended.abort(left()), i % 7);
      await result.then(
        () => (outcomes.finished += 1),
        (error: { code?: string }) => {
          expect(error.code).toBe('57014');
          outcomes.cancelled += 1;
        },
      );
      await pool.query('SELECT pg_sleep(0.002)');
    }
    expect(outcomes.cancelled).toBeGreaterThan(0);
    expect(outcomes.finished).toBeGreaterThan(0);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });

  it('never hits the COMMIT or the next statement of its transaction', async () => {
    const pool = openPool({ max: 1 }, { afterMs: 0, everyMs: 1 });
    await pool.query('SELECT 1');
    for (let i = 0; i < 200; i++) {
      const { ended, result } = inCall(async () => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          const failure = await client
            .query('SELECT pg_sleep($1)', [(i % 10) * 0.0005])
            .catch((error: unknown) => error);
          const { command } = await client.query(failure instanceof Error ? 'ROLLBACK' : 'COMMIT');
          return [failure instanceof Error, command];
        } finally {
          client.release();
        }
      });
      setTimeout(() => ended.abort(left()), i % 5);
      const [failed, command] = await result;
      expect(command).toBe(failed ? 'ROLLBACK' : 'COMMIT');
    }
  });

  it('goes over TLS where the database asks for it', async () => {
    const authority = createCertificateAuthority();
    const front = await startCancelFront(url, { fate: 'pass', certificate: authority.issue({ name: 'postgres' }) });
    closing.push(() => front.close());
    const ssl = { ca: authority.pem, checkServerIdentity: () => undefined };
    const pool = openPool({ connectionString: front.url, max: 1, ssl });
    expect([(await abandon(pool)).code, front.cancels]).toEqual(['57014', 1]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it.each<[string, CancelFate]>([
    ['nobody answers it', 'keep'],
    ['its own connection breaks', 'break'],
  ])('costs the connection when %s: what comes next must not be hit', async (_, fate) => {
    const front = await startCancelFront(url, { fate });
    closing.push(() => front.close());
    const pool = openPool({ connectionString: front.url, max: 1 });
    const before = await pool.query('SELECT pg_backend_pid() AS pid');
    expect((await abandon(pool)).message).toContain('Connection terminated');
    const after = await pool.query('SELECT pg_backend_pid() AS pid');
    expect(after.rows).not.toEqual(before.rows);
    expect(front.cancels).toBeGreaterThan(0);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });
});
