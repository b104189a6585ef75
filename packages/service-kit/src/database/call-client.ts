import pg, { type QueryResult } from 'pg';
import { callSignal } from '../rpc/call-signal.ts';
import type { AbandonedStatements, RunningStatement } from './abandoned-statements.ts';
import { type CancelTarget, sendCancel } from './send-cancel.ts';

type PlainQuery = (...parameters: unknown[]) => Promise<QueryResult>;

/** Their outcome must not be left open: a COMMIT that was sent is waited for, whoever has left. */
const transactionEnd = /^\s*(?:commit|rollback|end|abort|prepare\s+transaction)\b/i;

/**
 * A kind of client whose statements are cancelled in PostgreSQL when the call they run for is abandoned. A cancel
 * request names a session and not a statement, so nothing else is sent on the connection, and it is given back to
 * nobody, before the request has been dealt with; when that cannot be known the connection is closed.
 */
export function createCallClient(abandoned: AbandonedStatements): typeof pg.Client {
  return class CallClient extends pg.Client {
    readonly #running = new Set<RunningStatement>();
    /** Statements on their way that are no call's, or end a transaction. */
    #untouchable = 0;
    #cancelling: Promise<void> | undefined;

    // Its parameters are those of all of pg's forms; only the one that answers with a promise is ours.
    override query(...parameters: never[]): never {
      const signal = callSignal();
      const isIdle = this.#cancelling === undefined && this.#running.size === 0;
      if ((signal === undefined && isIdle) || !isPromised(parameters)) return this.#send(parameters) as never;
      return this.#run(parameters, signal) as never;
    }

    async #run(parameters: unknown[], signal: AbortSignal | undefined): Promise<QueryResult> {
      while (this.#cancelling !== undefined) await this.#cancelling;
      const end = signal === undefined || isTransactionEnd(parameters[0]) ? this.#shield() : this.#expose(signal);
      try {
        return await this.#send(parameters);
      } finally {
        end();
        while (this.#cancelling !== undefined) await this.#cancelling;
      }
    }

    #send(parameters: unknown[]): Promise<QueryResult> {
      return (super.query as PlainQuery)(...parameters);
    }

    #shield(): () => void {
      this.#untouchable += 1;
      return () => {
        this.#untouchable -= 1;
      };
    }

    #expose(signal: AbortSignal): () => void {
      const statement = { signal, startedAt: performance.now(), cancel: () => this.#cancel(signal) };
      this.#running.add(statement);
      abandoned.add(statement);
      return () => {
        this.#running.delete(statement);
        abandoned.delete(statement);
      };
    }

    #cancel(signal: AbortSignal): void {
      if (this.#cancelling !== undefined || this.#untouchable > 0) return;
      for (const statement of this.#running) if (statement.signal !== signal) return;
      this.#cancelling = this.#stop().finally(() => {
        this.#cancelling = undefined;
      });
    }

    async #stop(): Promise<void> {
      const outcome = await sendCancel(this as unknown as CancelTarget);
      if (outcome === 'unknown') (this as unknown as { connection: pg.Connection }).connection.stream.destroy();
    }
  };
}

/** Callbacks and pg's Submittables (cursors, Prisma uses none) go their own ways. */
export function isPromised([config, ...others]: readonly unknown[]): boolean {
  if (typeof (config as { submit?: unknown } | undefined)?.submit === 'function') return false;
  return !others.some((parameter) => typeof parameter === 'function');
}

function isTransactionEnd(config: unknown): boolean {
  const text = typeof config === 'string' ? config : (config as { text?: string } | undefined)?.text;
  return text !== undefined && transactionEnd.test(text);
}
