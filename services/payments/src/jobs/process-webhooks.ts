import { processWebhook } from '../actions/process-webhook.ts';
import type { Context } from '../context.ts';
import { takeDueWebhookEvents } from '../db/webhook-events.ts';
import { after } from '../domain/check-delays.ts';

const batch = 4;
/** Longer than a webhook's calls take; another process takes it up when this one dies. */
const againMs = 60_000;

/** Works on kept webhooks. */
export async function processWebhooks(ctx: Context, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const now = ctx.clock.now();
    const events = await takeDueWebhookEvents(ctx.database, { now, againAt: after(now, againMs), limit: batch });
    if (events.length === 0) return;
    const results = await Promise.allSettled(events.map((event) => processWebhook(ctx, event)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
