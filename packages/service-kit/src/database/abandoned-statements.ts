import { isAbandoned } from '../rpc/call-signal.ts';

/** A statement that PostgreSQL works on for a call. */
export interface RunningStatement {
  readonly signal: AbortSignal;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Asks PostgreSQL to stop it. */
  cancel(): void;
}

/** Looks for statements whose calls have been abandoned, and cancels them. */
export interface AbandonedStatements {
  add(statement: RunningStatement): void;
  delete(statement: RunningStatement): void;
}

export interface AbandonedStatementsOptions {
  /** Younger statements are left to end by themselves; 50. */
  afterMs?: number;
  /** How often it looks; 100. */
  everyMs?: number;
}

/** Age from which on a statement is worth the connection that its cancelling takes, in milliseconds. */
export const worthCancellingMs = 50;

/**
 * One timer looks at all statements, and only while there are some: most end before it comes, and pay for no listener
 * of their own.
 */
export function watchAbandonedStatements(options: AbandonedStatementsOptions = {}): AbandonedStatements {
  const { afterMs = worthCancellingMs, everyMs = 100 } = options;
  const running = new Set<RunningStatement>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    const bornBefore = performance.now() - afterMs;
    for (const statement of running) {
      if (statement.startedAt <= bornBefore && isAbandoned(statement.signal)) statement.cancel();
    }
  }

  return {
    add(statement) {
      running.add(statement);
      timer ??= setInterval(look, everyMs).unref();
    },
    delete: (statement) => running.delete(statement),
  };
}
