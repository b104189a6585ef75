import type { Database, Queryable, Statement, Transaction } from '@mawid/service-kit';

/** `before`: the statement never reaches the database. `after`: it does its work, and the answer is lost. */
export type FaultMoment = 'before' | 'after';

/** A database of which one call fails. */
export interface FaultyDatabase extends Database {
  /** Counts from the next call on, and lets the n-th one fail: statements and commits are calls. 0 lets none fail. */
  failAt(call: number, moment?: FaultMoment): void;
  /** Whether the call that was to fail has come. */
  readonly hasFailed: boolean;
  /** What was called, in order, since `failAt`. */
  readonly calls: readonly string[];
}

/** What a connection says that breaks. */
const broken = (name: string) => new Error(`Connection terminated unexpectedly (${name})`);

export function createFaultyDatabase(database: Database): FaultyDatabase {
  let [failing, moment]: [number, FaultMoment] = [0, 'before'];
  let calls: string[] = [];

  async function run<T>(name: string, work: () => Promise<T>): Promise<T> {
    calls.push(name);
    const isHit = calls.length === failing;
    if (isHit && moment === 'before') throw broken(name);
    const result = await work();
    if (isHit) throw broken(name);
    return result;
  }

  const on = (target: Queryable): Queryable => ({
    query: ((statement: Statement) => run(statement.name, () => target.query(statement))) as Queryable['query'],
  });

  return {
    pool: database.pool,
    close: () => database.close(),
    query: on(database).query,
    async transaction(work, options) {
      const commit = { isLost: false };
      const result = await database.transaction(async (tx: Transaction) => {
        const done = await work(on(tx));
        commit.isLost = await isCommitLost();
        return done;
      }, options);
      if (commit.isLost) throw broken('commit');
      return result;
    },
    failAt(call, when = 'before') {
      [failing, moment] = [call, when];
      calls = [];
    },
    get hasFailed() {
      return failing > 0 && calls.length >= failing;
    },
    get calls() {
      return calls;
    },
  };

  // Throws where the commit is not to come; true where its answer is not.
  async function isCommitLost(): Promise<boolean> {
    try {
      await run('commit', () => Promise.resolve());
      return false;
    } catch (error) {
      if (moment === 'before') throw error;
      return true;
    }
  }
}
