import { randomUUID } from 'node:crypto';
import type { Books } from './books.ts';
import type { MoyasarStandinOptions } from './config.ts';
import type { Delivery, StoredWebhook, WebhookAttempt } from './types.ts';

/** The provider does not publish its patience; ours is this. */
const attemptTimeoutMs = 10_000;

type Answer = Pick<WebhookAttempt, 'result' | 'message' | 'response_code' | 'response_headers' | 'response_body'>;

/** Posts one event once and writes down how it went; only a 2xx is a success. */
export async function attemptDelivery(
  { books, options }: { books: Books; options: MoyasarStandinOptions },
  delivery: Delivery,
  stopping: AbortSignal,
): Promise<'success' | 'failed' | 'no_webhook'> {
  const row = books.webhooks.get(delivery.webhook_id);
  if (row === undefined) return 'no_webhook';
  const answer = await post(row, delivery, stopping);
  if (stopping.aborted) return answer.result;
  books.attempts.put({
    id: randomUUID(),
    webhook_id: delivery.webhook_id,
    event_id: delivery.event.id,
    event_type: delivery.event.type,
    retry_number: delivery.retry_number,
    ...answer,
    created_at: options.now().toISOString(),
  });
  return answer.result;
}

async function post(row: StoredWebhook, delivery: Delivery, stopping: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(row.webhook.url, {
      method: row.webhook.http_method.toUpperCase(),
      headers: { 'content-type': 'application/json', 'user-agent': 'Moyasar-Webhook' },
      body: JSON.stringify(delivery.event),
      redirect: 'manual',
      signal: AbortSignal.any([stopping, AbortSignal.timeout(attemptTimeoutMs)]),
    });
    return {
      result: response.ok ? 'success' : 'failed',
      message: response.statusText,
      response_code: response.status,
      response_headers: Object.fromEntries(response.headers),
      response_body: (await response.text()).slice(0, 2_000),
    };
  } catch (error) {
    return {
      result: 'failed',
      message: String(error),
      response_code: null,
      response_headers: {},
      response_body: null,
    };
  }
}
