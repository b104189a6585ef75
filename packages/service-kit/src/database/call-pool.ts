import pg, { type Pool, type PoolClient, type PoolConfig, type QueryResult } from 'pg';
import { callSignal, isAbandoned } from '../rpc/call-signal.ts';
import {
  type AbandonedStatementsOptions,
  watchAbandonedStatements,
  worthCancellingMs,
} from './abandoned-statements.ts';
import { createCallClient, isPromised } from './call-client.ts';

type PlainQuery = (...parameters: unknown[]) => Promise<QueryResult>;
type PlainConnect = (callback?: unknown) => Promise<PoolClient>;

/**
 * A pool that ends the work of abandoned calls: a statement that has run, or waited for a connection, for 50 ms or more
 * when its call's caller has left or its deadline has passed. Its transaction is then rolled back by whoever began it.
 * Statements outside of calls (relay, consumers, jobs), and a COMMIT once it is sent, are never cancelled.
 */
export function createCallPool(config: PoolConfig, options: AbandonedStatementsOptions = {}): Pool {
  const Client = createCallClient(watchAbandonedStatements(options));
  return new CallPool({ ...config, Client: Client as never });
}

class CallPool extends pg.Pool {
  override connect(...parameters: never[]): never {
    const signal = callSignal();
    if (signal === undefined || parameters.length > 0) return this.#connect(...parameters) as never;
    return this.#connectFor(signal) as never;
  }

  // The pool's own would run a statement that has waited in the context of whoever gave the connection back.
  override query(...parameters: never[]): never {
    if (callSignal() === undefined || !isPromised(parameters)) return this.#query(...parameters) as never;
    return this.#queryOnce(parameters) as never;
  }

  async #connectFor(signal: AbortSignal): Promise<PoolClient> {
    const startedAt = performance.now();
    const client = await this.#connect();
    if (performance.now() - startedAt < worthCancellingMs || !isAbandoned(signal)) return client;
    client.release();
    throw signal.reason;
  }

  async #queryOnce(parameters: unknown[]): Promise<QueryResult> {
    const client = await (this.connect as unknown as PlainConnect)();
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      return await (client.query as PlainQuery)(...parameters);
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  #connect(...parameters: unknown[]): Promise<PoolClient> {
    return (super.connect as PlainConnect)(...(parameters as []));
  }

  #query(...parameters: unknown[]): Promise<QueryResult> {
    return (super.query as PlainQuery)(...parameters);
  }
}
