import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BookingInternalService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createConnectHandler, createGrpcTransport, type Routes, startGrpcServer } from '@mawid/rpc';
import { createLogger, type Database, outsideCall, parseNetworks, serverInterceptors } from '@mawid/service-kit';
import { waitFor } from '@mawid/service-kit/testing';
import { context } from '@opentelemetry/api';
import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { createCallPool } from '../src/database/call-pool.ts';
import { withCallSignal } from '../src/rpc/call-signal.ts';
import { insertEffect, type Kit, openKit, readEffects } from './support/kit.ts';

jest.setTimeout(120_000);

let infrastructure: TestInfrastructure;
let kit: Kit;
let database: Database;
let url: string;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  url = await infrastructure.databaseUrl();
  kit = await openKit({ databaseUrl: url, natsUrl: infrastructure.natsUrl });
  ({ database } = kit);
});
afterAll(async () => {
  await kit.close();
  await infrastructure.close();
});

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const sleep = { name: 'test.sleep', text: 'SELECT pg_sleep(30)' };
const left = () => new ConnectError('the call was cancelled', Code.Canceled);

/** How many sessions of this database sleep. */
async function countSleeping(): Promise<number> {
  const { rows } = await database.query<{ count: bigint }>({
    name: 'test.sleeping',
    text: `SELECT count(*) AS count FROM pg_stat_activity
           WHERE state = 'active' AND datname = current_database() AND query LIKE 'SELECT pg_sleep%'`,
  });
  return Number(rows[0]?.count);
}

/** Runs `work` as the handler of a call that ends when the controller is aborted. */
function inCall<T>(work: () => Promise<T>): { ended: AbortController; result: Promise<T> } {
  const ended = new AbortController();
  const result = context.with(withCallSignal(context.active(), ended.signal), work);
  result.catch(() => undefined);
  return { ended, result };
}

function keepErrors(ends: unknown[]): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      ends.push(error);
      throw error;
    }
  };
}

/** Waits until so many sessions sleep. */
function sleeping(count: number): Promise<unknown> {
  return waitFor(`${count} sleeping`, async () => (await countSleeping()) === count);
}

/** A service whose one RPC does `work`; its client, its errors' log, and how its calls ended at the server. */
async function serve(work: () => Promise<unknown>) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ name: 'test', level: 'warn', destination });
  const ends: unknown[] = [];
  const routes: Routes = (router) => {
    router.service(BookingInternalService, {
      getBookingState: async () => {
        await work();
        return {};
      },
    });
  };
  const verifier = { verify: async () => undefined };
  const trustedPeers = parseNetworks('127.0.0.0/8') ?? { includes: () => false };
  // Nobody has to be signed in here.
  const [, errors, deadline] = serverInterceptors({ telemetry: kit.telemetry, logger, verifier, trustedPeers });
  const interceptors = [keepErrors(ends), errors, deadline].filter((each) => each !== undefined);
  const server = await startGrpcServer({ routes, interceptors }, { host: '127.0.0.1', port: 0 });
  closing.push(() => server.close());
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`, { retries: false });
  closing.push(() => transport.close());
  return { client: createClient(BookingInternalService, transport), routes, interceptors, lines, ends };
}

describe('a statement of an abandoned call', () => {
  it.each([
    ['caller leaves', Code.Canceled],
    ['deadline passes', Code.DeadlineExceeded],
  ])('is cancelled when the %s, its transaction rolled back, and nothing logged', async (how, code) => {
    const handled = Promise.withResolvers<void>();
    const { client, lines, ends } = await serve(async () => {
      await database
        .transaction(async (tx) => {
          await insertEffect(tx, { id: `gone ${how}`, aggregateId: 'gone', aggregateVersion: 1 });
          await tx.query(sleep);
        })
        .finally(() => handled.resolve());
    });
    const leaving = new AbortController();
    const timeoutMs = code === Code.DeadlineExceeded ? 500 : 30_000;
    const call = client.getBookingState({}, { signal: leaving.signal, timeoutMs }).catch((error: unknown) => error);
    if (code === Code.Canceled) {
      await sleeping(1);
      leaving.abort();
    }
    expect((await call) as ConnectError).toMatchObject({ code });
    await handled.promise;
    await waitFor('the end of the call', () => ends.length === 1);
    expect(await countSleeping()).toBe(0);
    expect(ends).toMatchObject([{ code }]);
    expect(lines).toEqual([]);
    const { pool } = database;
    expect([pool.totalCount - pool.idleCount, pool.waitingCount]).toEqual([0, 0]);
    expect((await readEffects(database)).filter((effect) => effect.startsWith('gone'))).toEqual([]);
  });

  it('is cancelled over HTTP/1.1 as well', async () => {
    const { routes, interceptors } = await serve(() => database.query(sleep));
    const server = createServer(createConnectHandler({ routes, interceptors }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => void server.close());
    const path = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${BookingInternalService.typeName}/GetBookingState`;
    const leaving = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const call = fetch(path, { method: 'POST', headers, body: '{}', signal: leaving.signal }).catch(() => 'left');
    await sleeping(1);
    leaving.abort();
    expect(await call).toBe('left');
    await sleeping(0);
  });

  it('keeps its connection, which serves the next statement', async () => {
    const pool = openPool(1);
    const { ended, result } = inCall(() => pool.query(sleep));
    await sleeping(1);
    const pid = await database.query<{ pid: number }>({ name: 'test.pid', text: sleepingPid });
    ended.abort(left());
    await expect(result).rejects.toMatchObject({ code: '57014' });
    const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(rows).toEqual(pid.rows);
    expect([pool.totalCount, pool.idleCount]).toEqual([1, 1]);
  });

  it('does not start when it has waited for a connection that long', async () => {
    const pool = openPool(1);
    const client = await pool.connect();
    const { ended, result } = inCall(() => pool.query('SELECT 1'));
    ended.abort(left());
    await wait(80);
    client.release();
    await expect(result).rejects.toMatchObject({ code: Code.Canceled });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('is cancelled for its own call alone, whoever gave it the connection', async () => {
    const pool = openPool(1);
    const first = inCall(() => pool.query('SELECT pg_sleep(0.2)'));
    const second = inCall(() => pool.query('SELECT pg_sleep(0.6), 2 AS two'));
    await first.result;
    // Its connection went on to the second from within the first.
    first.ended.abort(left());
    expect((await second.result).rows).toMatchObject([{ two: 2 }]);
  });

  it('is cancelled when Prisma sent it through the pool, alone or in a transaction', async () => {
    const prisma = await new PrismaPg(database.pool, { disposeExternalPool: false }).connect();
    const query = { sql: 'SELECT pg_sleep(30)::text', args: [], argTypes: [] };
    const alone = inCall(() => prisma.queryRaw(query));
    const inside = inCall(async () => {
      const tx = await prisma.startTransaction();
      try {
        return await tx.queryRaw(query);
      } finally {
        // As Prisma's engine does it: the adapter only gives the connection back.
        await tx.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] });
        await tx.rollback();
      }
    });
    await sleeping(2);
    alone.ended.abort(left());
    await expect(alone.result).rejects.toBeDefined();
    expect(await countSleeping()).toBe(1);
    inside.ended.abort(left());
    await expect(inside.result).rejects.toBeDefined();
    expect(await countSleeping()).toBe(0);
  });
});

describe('a statement that is not cancelled', () => {
  it.each([
    ['of no call', () => database.query({ name: 'test.nap', text: 'SELECT pg_sleep(0.6)' })],
    ['of an answered call', () => database.query({ name: 'test.nap', text: 'SELECT pg_sleep(0.6)' })],
    [
      'taken out of its call',
      () => outsideCall(() => database.query({ name: 'test.nap', text: 'SELECT pg_sleep(0.6)' })),
    ],
  ])('is one %s', async (which, run) => {
    if (which === 'of no call') {
      await expect(run()).resolves.toBeDefined();
      return;
    }
    const { ended, result } = inCall(run);
    // A call that has been answered has its signal aborted too, for no reason of its own.
    ended.abort(which === 'of an answered call' ? undefined : left());
    await expect(result).resolves.toBeDefined();
  });

  it('is a COMMIT on its way', async () => {
    await database.query({
      name: 'test.slow_commit',
      text: `CREATE OR REPLACE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN PERFORM pg_sleep(0.6); RETURN NULL; END $$`,
    });
    await database.query({
      name: 'test.slow_trigger',
      text: `CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON effects DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW WHEN (NEW.event_id = 'slow') EXECUTE FUNCTION slow_commit()`,
    });
    const { ended, result } = inCall(() =>
      database.transaction((tx) => insertEffect(tx, { id: 'slow', aggregateId: 'b2', aggregateVersion: 1 })),
    );
    await waitFor('the commit', async () => {
      const text = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = 'COMMIT'`;
      return (await database.query({ name: 'test.committing', text })).rows.length === 1;
    });
    ended.abort(left());
    await result;
    expect(await readEffects(database)).toContain('b2@1');
  });
});

const sleepingPid = `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND datname = current_database()
                     AND query LIKE 'SELECT pg_sleep%'`;

function openPool(max: number, options?: Parameters<typeof createCallPool>[1]): Pool {
  const pool = createCallPool({ connectionString: url, max }, options);
  closing.push(() => pool.end());
  return pool;
}
