import type { Queryable } from '@mawid/service-kit';
import type { WebhookEventRow } from './rows.ts';
import { webhookEventColumns } from './rows.ts';

export interface NewWebhookEvent {
  id: string;
  type: string;
  subjectId: string;
  payload: Record<string, unknown>;
  traceparent: string | undefined;
  now: Date;
}

/** Keeps a webhook; false when it was kept before. */
export async function insertWebhookEvent(on: Queryable, event: NewWebhookEvent): Promise<boolean> {
  const { rowCount } = await on.query({
    name: 'webhook_events.insert',
    text: `INSERT INTO webhook_events (id, type, subject_id, payload, traceparent, received_at, next_attempt_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (id) DO NOTHING`,
    values: [event.id, event.type, event.subjectId, JSON.stringify(event.payload), event.traceparent, event.now],
  });
  return rowCount === 1;
}

/** Takes webhooks that are due; they come again at `againAt` unless they are done by then. */
export async function takeDueWebhookEvents(
  on: Queryable,
  { now, againAt, limit }: { now: Date; againAt: Date; limit: number },
): Promise<WebhookEventRow[]> {
  const { rows } = await on.query<WebhookEventRow>({
    name: 'webhook_events.take_due',
    text: `UPDATE webhook_events SET attempts = attempts + 1, next_attempt_at = $2
            WHERE id IN (SELECT id FROM webhook_events WHERE processed_at IS NULL AND next_attempt_at <= $1
                          ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING ${webhookEventColumns}`,
    values: [now, againAt, limit],
  });
  return rows;
}

export interface WebhookEnd {
  id: string;
  outcome: string;
  paymentId: string | undefined;
  now: Date;
}

export async function endWebhookEvent(on: Queryable, { id, outcome, paymentId, now }: WebhookEnd): Promise<void> {
  await on.query({
    name: 'webhook_events.end',
    text: `UPDATE webhook_events SET processed_at = $4, next_attempt_at = NULL, outcome = $2, payment_id = $3, last_error = NULL
            WHERE id = $1 AND processed_at IS NULL`,
    values: [id, outcome, paymentId, now],
  });
}

export async function delayWebhookEvent(
  on: Queryable,
  { id, nextAttemptAt, error }: { id: string; nextAttemptAt: Date; error: string },
): Promise<void> {
  await on.query({
    name: 'webhook_events.delay',
    text: 'UPDATE webhook_events SET next_attempt_at = $2, last_error = $3 WHERE id = $1 AND processed_at IS NULL',
    values: [id, nextAttemptAt, error],
  });
}
