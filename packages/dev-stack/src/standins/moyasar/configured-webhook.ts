import type { Context } from './context.ts';
import { availableEvents } from './domain/event-types.ts';

const configuredWebhookId = '00000000-0000-4000-8000-000000000001';

/** The webhook of the settings, as if it had been registered in the dashboard. Follows the settings at every start. */
export function registerConfiguredWebhook({ options, books }: Context): void {
  books.webhooks.remove(configuredWebhookId);
  if (options.webhookUrl === undefined) return;
  books.webhooks.put({
    id: configuredWebhookId,
    sharedSecret: options.webhookSecret,
    webhook: {
      id: configuredWebhookId,
      http_method: 'post',
      url: options.webhookUrl,
      events: [...availableEvents],
      created_at: options.now().toISOString(),
    },
  });
}
