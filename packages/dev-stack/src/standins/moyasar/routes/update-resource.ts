import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { type Fields, parseFields } from '../../shared/parse-fields.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { parseMetadata } from '../domain/parse-metadata.ts';
import { parseDescription } from '../domain/parse-money.ts';
import { errors, type FieldErrors } from '../errors.ts';
import { requirePayment, requireStoredInvoice, showStoredInvoice } from '../require-row.ts';

/** Only `description` and `metadata` can change. */
export function updatePayment(ctx: Context, request: StandinRequest): Reply {
  const payment = requirePayment(ctx, request);
  const fields = requireFields(request);
  const problems: FieldErrors = {};
  const description =
    fields.description === undefined ? payment.description : parseDescription(fields.description, problems);
  const metadata = parseMetadata(fields.metadata, problems, payment.metadata);
  if (Object.keys(problems).length > 0) throw errors.invalid(problems);
  const updated_at = ctx.options.now().toISOString();
  return toJson(200, ctx.books.payments.put({ ...payment, description, metadata, updated_at }));
}

/** Only `metadata` can change. */
export function updateInvoice(ctx: Context, request: StandinRequest): Reply {
  const invoice = requireStoredInvoice(ctx, request);
  const problems: FieldErrors = {};
  const metadata = parseMetadata(requireFields(request).metadata, problems, invoice.metadata);
  if (Object.keys(problems).length > 0) throw errors.invalid(problems);
  const updated_at = ctx.options.now().toISOString();
  return toJson(200, showStoredInvoice(ctx, ctx.books.invoices.put({ ...invoice, metadata, updated_at })));
}

function requireFields(request: StandinRequest): Fields {
  const fields = parseFields(request);
  if (fields === undefined) throw errors.unreadable();
  return fields;
}
