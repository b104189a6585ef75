import type { Context } from './context.ts';
import { type NewPayment, settlePayment, toInitiatedPayment } from './domain/payments.ts';
import { notifyInvoiceCallback } from './invoice-callback.ts';
import { markInvoice } from './mark-invoice.ts';
import type { CardOutcome, Payment, PaymentStatus, PendingCharge } from './types.ts';

/** Creates a payment. With 3-D Secure it waits for `completeThreeDSecure`, otherwise the bank answers at once. */
export function charge(ctx: Context, input: NewPayment, pending: PendingCharge): Payment {
  const payment = ctx.books.payments.put(toInitiatedPayment(input, ctx.options.now()));
  if (input.transactionUrl === null) return settle(ctx, payment, pending);
  ctx.books.charges.put(pending);
  return payment;
}

/** The payer came back from the bank's page. A second answer changes nothing. */
export function completeThreeDSecure(ctx: Context, payment: Payment, isApproved: boolean): Payment {
  const pending = ctx.books.charges.get(payment.id);
  if (pending === undefined) return payment;
  ctx.books.charges.remove(payment.id);
  const refusal = isApproved ? refusalOfInvoice(ctx, payment) : '3-D SECURE AUTHENTICATION FAILED';
  const outcome = refusal === undefined ? pending.outcome : toRefused(pending.outcome, refusal);
  return settle(ctx, payment, { ...pending, outcome });
}

/** Money must not be taken twice for one invoice, whoever is late at the bank's page. */
function refusalOfInvoice(ctx: Context, payment: Payment): string | undefined {
  const invoice = payment.invoice_id === null ? undefined : ctx.books.invoices.get(payment.invoice_id);
  return invoice?.status === 'paid' ? 'INVOICE ALREADY PAID' : undefined;
}

function toRefused(outcome: CardOutcome, message: string): CardOutcome {
  return { status: 'failed', company: outcome.company, responseCode: '1A', message };
}

function settle(ctx: Context, payment: Payment, pending: PendingCharge): Payment {
  const settled = ctx.books.payments.put(settlePayment(payment, pending, ctx.options.now()));
  if (settled.status === 'paid') markInvoice(ctx, settled.invoice_id, 'paid');
  if (settled.status === 'paid') notifyInvoiceCallback(ctx, settled.invoice_id);
  publishStatus(ctx, settled);
  return settled;
}

const eventByStatus: Readonly<Partial<Record<PaymentStatus, string>>> = {
  paid: 'payment_paid',
  authorized: 'payment_authorized',
  captured: 'payment_captured',
  voided: 'payment_voided',
};

/** Announces the state a payment has just reached. */
export function publishStatus(ctx: Context, payment: Payment): void {
  const type = payment.status === 'failed' ? ctx.options.failedEventName : eventByStatus[payment.status];
  if (type !== undefined) ctx.webhooks.publish(type, payment);
}
