import type { Queryable } from '@mawid/service-kit';
import { type CheckCount, checkSliceMs, checkWindowMs, sliceOf, wrongSliceMs } from '../domain/spraying.ts';

// A row for each few connections: those who count at once seldom wait for each other.
const shard = 'pg_backend_pid() % 16';

/** Counts a right code. Last in its transaction, so that the row is locked for the length of the commit only. */
export async function countRightCheck(on: Queryable, now: Date): Promise<void> {
  await on.query({
    name: 'check_counts.count_right',
    text: `INSERT INTO check_counts AS c (slice, shard, accepted, wrong) VALUES ($1, ${shard}, 1, 0)
           ON CONFLICT (slice, shard) DO UPDATE SET accepted = c.accepted + 1`,
    values: [sliceOf(now, checkSliceMs)],
  });
}

/** Counts a wrong code, for the system and for the network it came from. */
export async function countWrongCheck(on: Queryable, network: string | undefined, now: Date): Promise<void> {
  await on.query({
    name: 'check_counts.count_wrong',
    text: `WITH counted AS (
             INSERT INTO check_counts AS c (slice, shard, accepted, wrong) VALUES ($1, ${shard}, 0, 1)
             ON CONFLICT (slice, shard) DO UPDATE SET wrong = c.wrong + 1
           )
           INSERT INTO wrong_checks AS w (network, slice, wrong) SELECT $2::text, $3::timestamptz, 1 WHERE $2::text IS NOT NULL
           ON CONFLICT (network, slice) DO UPDATE SET wrong = w.wrong + 1`,
    values: [sliceOf(now, checkSliceMs), network, sliceOf(now, wrongSliceMs)],
  });
}

/** The codes of the last ten minutes, right and wrong, of everybody. */
export async function sumChecks(on: Queryable, now: Date): Promise<CheckCount> {
  const { rows } = await on.query<CheckCount>({
    name: 'check_counts.sum',
    text: `SELECT coalesce(sum(accepted), 0)::int AS accepted, coalesce(sum(wrong), 0)::int AS wrong
             FROM check_counts WHERE slice > $1`,
    values: [new Date(now.getTime() - checkWindowMs)],
  });
  return rows[0] ?? { accepted: 0, wrong: 0 };
}

export async function deleteCheckCounts(on: Queryable, before: Date): Promise<void> {
  await on.query({
    name: 'check_counts.delete_old',
    text: 'WITH old AS (DELETE FROM wrong_checks WHERE slice < $1) DELETE FROM check_counts WHERE slice < $1',
    values: [before],
  });
}
