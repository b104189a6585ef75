import type { Queryable } from '@mawid/service-kit';
import type { SendLimits } from '../domain/send-budget.ts';

/**
 * Takes one send from the phone's budget; false when there is none. One statement decides and writes, so that parallel requests
 * cannot both take the last one; within a transaction it also makes the requests of one phone wait for each other.
 */
export async function takeSend(on: Queryable, phoneNumber: string, now: Date, limits: SendLimits): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'send_budgets.take',
    text: `INSERT INTO send_budgets AS b (phone_number, sent_at) VALUES ($1, ARRAY[$2::timestamptz])
           ON CONFLICT (phone_number) DO UPDATE
              SET sent_at = ARRAY(SELECT t FROM unnest(b.sent_at) t WHERE t > $2 - $3::float8 * interval '1 millisecond' ORDER BY t)
                            || $2::timestamptz
            WHERE b.sent_at[cardinality(b.sent_at)] <= $2 - $4::float8 * interval '1 millisecond'
              AND (SELECT count(*) FROM unnest(b.sent_at) t WHERE t > $2 - $3::float8 * interval '1 millisecond') < $5::int`,
    values: [phoneNumber, now, limits.windowMs, limits.cooldownMs, limits.maxPerWindow],
  });
  return rowCount === 1;
}

/** When codes were sent to the phone, in order of time. */
export async function listSends(on: Queryable, phoneNumber: string): Promise<Date[]> {
  const { rows } = await on.query<{ sent_at: Date[] }>({
    name: 'send_budgets.list',
    text: 'SELECT sent_at FROM send_budgets WHERE phone_number = $1',
    values: [phoneNumber],
  });
  return rows[0]?.sent_at ?? [];
}
