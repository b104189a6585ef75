import type { Pool, QueryResult, QueryResultRow } from 'pg';

/** A statement. Its name makes it prepared on each connection, and is its name in spans and metrics. */
export interface Statement {
  name: string;
  text: string;
  values?: unknown[];
}

/**
 * Where a statement can run. Rows carry `bigint` for int8, `Date` for timestamptz, `YYYY-MM-DD` text for date,
 * text for numeric, `Buffer` for bytea.
 */
export interface Queryable {
  query<R extends QueryResultRow = QueryResultRow>(statement: Statement): Promise<QueryResult<R>>;
}

/** A queryable on one connection between BEGIN and COMMIT. */
export interface Transaction extends Queryable {}

export interface TransactionOptions {
  /** Runs the whole work again, up to so many times, after a serialization failure or a deadlock. Default 0. */
  retries?: number;
}

export interface Database extends Queryable {
  /** The pool itself, for Prisma's adapter. */
  readonly pool: Pool;
  /** Commits when `work` resolves, rolls back when it throws; the connection is given back on every path. */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}
