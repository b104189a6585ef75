import type { Queryable } from '@mawid/service-kit';

/** Whose a code was: of strangers to the phone (lane ''), or of a device that its user is known on. */
export interface SentCode {
  phone_number: string;
  lane: string;
}

/** Notes that a code never reached a provider, and says whose it was; undefined when that is known already, or it was used. */
export async function markUndelivered(on: Queryable, requestId: string, now: Date): Promise<SentCode | undefined> {
  const { rows } = await on.query<SentCode>({
    name: 'code_requests.mark_undelivered',
    text: `UPDATE code_requests SET undelivered_at = $2 WHERE id = $1 AND undelivered_at IS NULL AND used_at IS NULL
           RETURNING phone_number, lane`,
    values: [requestId, now],
  });
  return rows[0];
}
