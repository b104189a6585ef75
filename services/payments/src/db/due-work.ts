import type { Queryable } from '@mawid/service-kit';
import type { JobName } from '../wakes.ts';

/** The jobs that have something to do right now. */
export async function findDueWork(on: Queryable, now: Date): Promise<Set<JobName>> {
  const { rows } = await on.query<{ job: JobName }>({
    name: 'due_work.find',
    text: `SELECT 'check-payments' AS job WHERE EXISTS (SELECT FROM payments WHERE next_check_at <= $1)
           UNION ALL
           SELECT 'process-webhooks' WHERE EXISTS (
             SELECT FROM webhook_events WHERE processed_at IS NULL AND (next_attempt_at <= $1 OR attempts > 0 AND last_error IS NULL))
           UNION ALL
           SELECT 'send-refunds' WHERE EXISTS (
             SELECT FROM refunds JOIN payments ON payments.id = refunds.payment_id
              WHERE refunds.state = 'pending' AND (refunds.next_attempt_at <= $1 OR payments.leased_until > now()))`,
    values: [now],
  });
  return new Set(rows.map((row) => row.job));
}
