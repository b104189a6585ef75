import type { Queryable } from '@mawid/service-kit';
import { endOfPart, type Limit, partAt, type Uses } from '../domain/budget.ts';

/** One use of a budget: of one phone prefix, one address, one day's money … */
export interface Use extends Pick<Limit, 'windowMs'> {
  axis: string;
  key: string;
  cost: number;
}

export interface UsesRow extends Uses {
  axis: string;
}

/**
 * Counts uses, all of them in one statement, and says what each budget holds with them: who finds too much there rolls its
 * transaction back. Whoever else uses one of the budgets waits for the end of the transaction, so nobody can be above a limit
 * unseen. Rows are locked in the order given, which must be the same everywhere.
 */
export async function addUses(on: Queryable, uses: readonly Use[], now: Date): Promise<Uses[]> {
  if (uses.length === 0) return [];
  const { rows } = await on.query<UsesRow>({
    name: 'budgets.add',
    text: addUsesSql('(SELECT 1) AS always'),
    values: toUseValues(uses, now),
  });
  return toUses(uses, rows);
}

/** The statement itself, for parameters $1 to $5; `from` is what has to be read before, and has a row where uses are to be counted. */
export function addUsesSql(from: string): string {
  return `INSERT INTO budgets AS b (axis, key, part, counts, expires_at)
          SELECT u.axis, u.key, u.part, ARRAY[u.cost] || array_fill(0, ARRAY[10]), u.expires_at
            FROM ${from},
                 unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::timestamptz[]) AS u (axis, key, part, cost, expires_at)
          ON CONFLICT (axis, key) DO UPDATE
             -- Processes' clocks differ: one that is behind counts into the newest part there is.
             SET part = greatest(b.part, excluded.part),
                 counts = (SELECT moved[1] + excluded.counts[1] || moved[2:11]
                             FROM (SELECT (array_fill(0, ARRAY[least(greatest(excluded.part - b.part, 0), 11)::integer])
                                           || b.counts)[1:11]) AS m (moved)),
                 expires_at = greatest(b.expires_at, excluded.expires_at)
          RETURNING b.axis, b.part::float8 AS part, b.counts`;
}

export function toUseValues(uses: readonly Use[], now: Date): unknown[] {
  return [
    uses.map(({ axis }) => axis),
    uses.map(({ key }) => key),
    uses.map(({ windowMs }) => partAt(now, windowMs)),
    uses.map(({ cost }) => cost),
    uses.map(({ windowMs }) => endOfPart(partAt(now, windowMs), windowMs)),
  ];
}

/** What came back, in the order of what was asked for. */
export function toUses(uses: readonly Use[], rows: readonly UsesRow[]): Uses[] {
  return uses.map(({ axis }) => rows.find((row) => row.axis === axis) ?? { part: 0, counts: [] });
}
