import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { markInvoice } from '../mark-invoice.ts';
import { requireInvoice } from '../require-row.ts';

/** Only an invoice that can still be paid can be cancelled. A payer already at the bank's page may still finish. */
export function cancelInvoice(ctx: Context, request: StandinRequest): Reply {
  const invoice = requireInvoice(ctx, request);
  if (invoice.status !== 'initiated') {
    throw errors.notAllowed(`Invoice with status ${invoice.status} cannot be canceled`);
  }
  markInvoice(ctx, invoice.id, 'canceled');
  return toJson(200, requireInvoice(ctx, request));
}
