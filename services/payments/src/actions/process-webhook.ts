import type { Context } from '../context.ts';
import { findPayment, findPaymentByInvoice } from '../db/payments.ts';
import type { PaymentRow, WebhookEventRow } from '../db/rows.ts';
import { delayWebhookEvent, endWebhookEvent } from '../db/webhook-events.ts';
import { after, unresolvedDelayMs } from '../domain/check-delays.ts';
import type { Charge } from '../domain/judge-charge.ts';
import { ProviderError } from '../provider/provider-error.ts';
import { runInTrace } from '../run-in-trace.ts';
import { applyCharge } from './apply-charge.ts';

/** Looks at what a webhook is about. Its type does not matter: the provider is asked how things stand now. */
export function processWebhook(ctx: Context, event: WebhookEventRow): Promise<void> {
  const { traceparent } = event;
  return runInTrace(ctx, { name: 'process webhook', traceparent }, async () => {
    try {
      await end(ctx, event, await work(ctx, event));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await retryLater(ctx, event, error);
    }
  });
}

async function work(ctx: Context, event: WebhookEventRow): Promise<{ outcome: string; paymentId?: string }> {
  // Events of saved cards are about no payment.
  if (!event.type.startsWith('payment_')) return { outcome: 'ignored' };
  const charge = await ctx.provider.fetchCharge(event.subjectId);
  const payment = charge && (await findPaymentOf(ctx, charge));
  if (!charge || !payment) return { outcome: 'unknown_payment' };
  return { outcome: await applyCharge(ctx, payment, charge), paymentId: payment.id };
}

async function findPaymentOf(ctx: Context, charge: Charge): Promise<PaymentRow | undefined> {
  const byInvoice = charge.invoiceId ? await findPaymentByInvoice(ctx.database, charge.invoiceId) : undefined;
  if (byInvoice) return byInvoice;
  // The call that made the invoice may have been lost, and its number with it.
  const invoice = charge.invoiceId ? await ctx.provider.fetchInvoice(charge.invoiceId) : undefined;
  const paymentId = invoice?.paymentId ?? charge.paymentId;
  return paymentId && isUuid(paymentId) ? findPayment(ctx.database, paymentId) : undefined;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

async function end(
  ctx: Context,
  { id, type, subjectId }: WebhookEventRow,
  { outcome, paymentId }: { outcome: string; paymentId?: string },
): Promise<void> {
  await endWebhookEvent(ctx.database, { id, outcome, paymentId, now: ctx.clock.now() });
  ctx.metrics.webhooks.inc({ outcome });
  if (outcome === 'unknown_payment') {
    ctx.logger.warn({ event_id: id, type, charge_id: subjectId }, 'a webhook is about a payment that is not ours');
  }
}

async function retryLater(ctx: Context, { id, attempts }: WebhookEventRow, error: ProviderError): Promise<void> {
  const nextAttemptAt = after(ctx.clock.now(), unresolvedDelayMs(attempts - 1));
  await delayWebhookEvent(ctx.database, { id, nextAttemptAt, error: error.message });
  ctx.logger.warn({ err: error, event_id: id }, 'a webhook is worked on again later');
}
