import type { ServiceImpl } from '@connectrpc/connect';
import type { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { currentTraceHeaders } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { hastenCheck } from '../db/leases.ts';
import { insertWebhookEvent } from '../db/webhook-events.ts';
import { errors } from '../errors.ts';
import { hasSecret, parseBody, parseInvoiceCallback, parseWebhook } from '../provider/moyasar/parse-webhook.ts';

type Body = Record<string, unknown>;

/** Keeps a webhook and answers; `jobs/process-webhooks.ts` does the rest. */
export function receiveMoyasarWebhook(ctx: Context): ServiceImpl<typeof PaymentService>['receiveMoyasarWebhook'] {
  return async ({ data }) => {
    const body = parseBody(data);
    if (body === undefined) {
      ctx.metrics.webhooks.inc({ outcome: 'malformed' });
      throw errors.webhookMalformed();
    }
    await (hasSecret(body, ctx.config.moyasar.webhookSecret) ? keep(ctx, body) : takeHint(ctx, body));
    return {};
  };
}

async function keep(ctx: Context, body: Body): Promise<void> {
  const webhook = parseWebhook(body);
  if (webhook === undefined) {
    ctx.metrics.webhooks.inc({ outcome: 'malformed' });
    throw errors.webhookMalformed();
  }
  const { traceparent } = currentTraceHeaders();
  const isNew = await insertWebhookEvent(ctx.database, { ...webhook, traceparent, now: ctx.clock.now() });
  ctx.metrics.webhooks.inc({ outcome: isNew ? 'kept' : 'duplicate' });
  ctx.wakes.wake('process-webhooks');
}

// An invoice's own callback carries no secret. It is worth one early question to the provider, where the invoice is
// one that we wait for, and nothing else.
async function takeHint(ctx: Context, body: Body): Promise<void> {
  const invoiceId = parseInvoiceCallback(body);
  if (invoiceId !== undefined && (await hastenCheck(ctx.database, invoiceId, ctx.clock.now()))) {
    return ctx.wakes.wake('check-payments');
  }
  ctx.metrics.webhooks.inc({ outcome: 'wrong_secret' });
  throw errors.webhookSecretWrong();
}
