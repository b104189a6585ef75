import { randomUUID } from 'node:crypto';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { type Fields, parseFields, toText } from '../../shared/parse-fields.ts';
import { toJson } from '../../shared/reply.ts';
import type { Context } from '../context.ts';
import { parseExpiry } from '../domain/invoices.ts';
import { toAmountFormat } from '../domain/money.ts';
import { parseMetadata } from '../domain/parse-metadata.ts';
import { parseChargeAmount, parseCurrency, parseDescription, parseUrl } from '../domain/parse-money.ts';
import { errors, type FieldErrors } from '../errors.ts';
import { showStoredInvoice } from '../require-row.ts';

/** Not idempotent at the provider: whoever is unsure looks it up by its own metadata first. */
export function createInvoice(ctx: Context, request: StandinRequest): Reply {
  const fields = parseFields(request);
  if (fields === undefined) throw errors.unreadable();
  const input = requireInput(ctx, fields);
  const id = randomUUID();
  const now = ctx.options.now().toISOString();
  const stored = ctx.books.invoices.put({
    id,
    status: 'initiated',
    logo_url: null,
    url: `${ctx.publicUrl()}/invoices/${id}/pay`,
    paid_at: null,
    created_at: now,
    updated_at: now,
    amount_format: toAmountFormat(input.amount, input.currency),
    ...input,
  });
  return toJson(201, showStoredInvoice(ctx, stored));
}

function requireInput(ctx: Context, fields: Fields) {
  const problems: FieldErrors = {};
  const input = {
    amount: parseChargeAmount(fields.amount, problems),
    currency: parseCurrency(fields.currency, problems),
    description: toText(parseDescription(fields.description, problems)) ?? '',
    callback_url: parseUrl('callback_url', fields.callback_url, problems),
    success_url: parseUrl('success_url', fields.success_url, problems),
    back_url: parseUrl('back_url', fields.back_url, problems),
    expired_at: requireExpiry(ctx, fields.expired_at, problems),
    metadata: parseMetadata(fields.metadata, problems),
  };
  if (input.description === '') problems.description ??= ["can't be blank"];
  if (Object.keys(problems).length > 0) throw errors.invalid(problems);
  return input;
}

function requireExpiry(ctx: Context, value: unknown, problems: FieldErrors): string | null {
  if (value === undefined || value === null || value === '') return null;
  const expiry = parseExpiry(value);
  if (expiry === undefined) problems.expired_at = ['is not a valid date'];
  else if (Date.parse(expiry) <= ctx.options.now().getTime()) problems.expired_at = ['must be in the future'];
  return expiry ?? null;
}
