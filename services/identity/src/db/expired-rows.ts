import type { Queryable } from '@mawid/service-kit';
import { deleteCheckCounts } from './check-counts.ts';

const batchSize = 2_000;

/** What is over, by table; `$1` is the time before which it is. */
const expired = {
  code_requests: 't.expires_at < $1',
  send_budgets: 't.sent_at[cardinality(t.sent_at)] < $1',
  // Guesses in a row have no end of their own. They stand for nothing once the device is known no more, or nobody has the phone: a
  // month, so that a stranger's hundred does not begin anew with each account that is never verified.
  guess_budgets: `t.guessed_at[cardinality(t.guessed_at)] < $1 AND CASE
    WHEN t.lane <> '' THEN NOT EXISTS (SELECT FROM known_devices d JOIN users u ON u.id = d.user_id
                                        WHERE u.phone_number = t.phone_number AND d.device_id = t.lane)
    ELSE t.guessed_at[cardinality(t.guessed_at)] < $1 - interval '30 days'
         AND NOT EXISTS (SELECT FROM users u WHERE u.phone_number = t.phone_number) END`,
  sessions: 't.expires_at < $1',
  budgets: 't.expires_at < $1',
  used_challenges: 't.expires_at < $1',
} as const;

/** Deletes what nothing can depend on any more: dead codes, spent windows, sessions that are over with their tokens. */
export async function deleteExpiredRows(on: Queryable, before: Date, signal?: AbortSignal): Promise<void> {
  for (const [table, condition] of Object.entries(expired)) {
    let count: number = batchSize;
    while (count === batchSize && !signal?.aborted) count = await deleteBatch(on, { table, condition, before });
  }
  await deleteCheckCounts(on, before);
}

// A row that a call holds at this moment is left for the next time: calls lock several budgets in an order of theirs, and would
// wait here for ever.
async function deleteBatch(
  on: Queryable,
  { table, condition, before }: { table: string; condition: string; before: Date },
): Promise<number> {
  const { rowCount } = await on.query({
    name: `${table}.delete_expired`,
    text: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
             SELECT t.ctid FROM ${table} t WHERE ${condition} LIMIT ${batchSize} FOR UPDATE OF t SKIP LOCKED))`,
    values: [before],
  });
  return rowCount ?? 0;
}
