import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toJson } from '../../shared/reply.ts';
import { publishStatus } from '../charge.ts';
import type { Context } from '../context.ts';
import { voidPayment as voidIt } from '../domain/payments.ts';
import { errors } from '../errors.ts';
import { markInvoice } from '../mark-invoice.ts';
import { requirePayment } from '../require-row.ts';
import type { Payment } from '../types.ts';

/** Undoes a hold at any time, a charge only until it is settled. */
export function voidPayment(ctx: Context, request: StandinRequest): Reply {
  const payment = requirePayment(ctx, request);
  if (!isVoidable(ctx, payment)) throw errors.notAllowed(`Payment with status ${payment.status} cannot be voided`);
  const voided = ctx.books.payments.put(voidIt(payment, ctx.options.now()));
  markInvoice(ctx, voided.invoice_id, 'voided');
  publishStatus(ctx, voided);
  return toJson(200, voided);
}

function isVoidable({ options }: Context, payment: Payment): boolean {
  if (payment.status === 'authorized') return true;
  if (!['paid', 'captured'].includes(payment.status) || payment.refunded > 0) return false;
  const settledAt = Date.parse(payment.captured_at ?? payment.updated_at) + options.voidWindowMinutes * 60_000;
  return options.now().getTime() < settledAt;
}
