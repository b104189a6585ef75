import { randomUUID } from 'node:crypto';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { parseFields } from '../../shared/parse-fields.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { parseAmount } from '../domain/parse-money.ts';
import { chargedAmountOf, isRefundable, refundPayment as refund } from '../domain/payments.ts';
import { errors } from '../errors.ts';
import { markInvoice } from '../mark-invoice.ts';
import { requirePayment } from '../require-row.ts';
import type { Payment } from '../types.ts';

/** Gives back all that is left, or a part. Not idempotent at the provider: the same call again refunds again. */
export function refundPayment(ctx: Context, request: StandinRequest): Reply {
  const payment = requirePayment(ctx, request);
  if (!isRefundable(payment)) throw errors.notAllowed(`Payment with status ${payment.status} cannot be refunded`);
  const amount = requireAmount(payment, request);
  const now = ctx.options.now();
  const refunded = ctx.books.payments.put(refund(payment, amount, ctx.options.partialRefundStatus, now));
  ctx.books.refunds.put({
    id: randomUUID(),
    payment_id: payment.id,
    amount,
    currency: payment.currency,
    created_at: now.toISOString(),
  });
  if (refunded.refunded === chargedAmountOf(refunded)) markInvoice(ctx, refunded.invoice_id, 'refunded');
  ctx.webhooks.publish('payment_refunded', refunded);
  return toJson(200, refunded);
}

function requireAmount(payment: Payment, request: StandinRequest): number {
  const fields = parseFields(request);
  if (fields === undefined) throw errors.unreadable();
  const left = chargedAmountOf(payment) - payment.refunded;
  if (fields.amount === undefined || fields.amount === null) return left;
  const amount = parseAmount(fields.amount);
  if (amount === undefined) throw errors.invalid({ amount: ['must be a positive integer'] });
  if (amount > left) throw errors.invalid({ amount: [`must be less than or equal to ${left}`] });
  return amount;
}
