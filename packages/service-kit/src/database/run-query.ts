import pg, { type ClientBase, type Pool, type QueryResult, type QueryResultRow } from 'pg';
import type { Meter } from './meter.ts';
import type { Statement } from './types.ts';

const keepText = (text: string) => text;
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  // A date has no time zone: a Date object would move it into the machine's.
  [pg.types.builtins.DATE, keepText],
]);

const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
};

/** Runs a named statement on a pool or a client, with its span and its measure. */
export function runQuery<R extends QueryResultRow>(
  on: Pool | ClientBase,
  meter: Meter,
  { name, text, values = [] }: Statement,
): Promise<QueryResult<R>> {
  return meter.measure(name, () => on.query<R>({ name, text, values, types } as pg.QueryConfig));
}
