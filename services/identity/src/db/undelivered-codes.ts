import type { Queryable } from '@mawid/service-kit';

/** Notes that a code never reached a provider, and says whose it was; undefined when that is known already, or it was used. */
export async function markUndelivered(on: Queryable, requestId: string, now: Date): Promise<string | undefined> {
  const { rows } = await on.query<{ phone_number: string }>({
    name: 'code_requests.mark_undelivered',
    text: `UPDATE code_requests SET undelivered_at = $2 WHERE id = $1 AND undelivered_at IS NULL AND used_at IS NULL
           RETURNING phone_number`,
    values: [requestId, now],
  });
  return rows[0]?.phone_number;
}
