import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { parseFields } from '../../shared/parse-fields.ts';
import { toJson } from '../../shared/reply.ts';
import { publishStatus } from '../charge.ts';
import type { Context } from '../context.ts';
import { parseAmount } from '../domain/parse-money.ts';
import { capturePayment as capture } from '../domain/payments.ts';
import { errors } from '../errors.ts';
import { requirePayment } from '../require-row.ts';

/** Takes a held amount or a part of it; the rest is released, so there is one capture only. */
export function capturePayment(ctx: Context, request: StandinRequest): Reply {
  const payment = requirePayment(ctx, request);
  if (payment.status !== 'authorized')
    throw errors.notAllowed(`Payment with status ${payment.status} cannot be captured`);
  const fields = parseFields(request);
  if (fields === undefined) throw errors.unreadable();
  const amount = fields.amount === undefined || fields.amount === null ? payment.amount : parseAmount(fields.amount);
  if (amount === undefined || amount > payment.amount) {
    throw errors.invalid({ amount: [`must be less than or equal to ${payment.amount}`] });
  }
  const captured = ctx.books.payments.put(capture(payment, amount, ctx.options.now()));
  publishStatus(ctx, captured);
  return toJson(200, captured);
}
