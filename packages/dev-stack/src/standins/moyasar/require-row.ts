import type { StandinRequest } from '../shared/http-types.ts';
import { paymentsOfInvoice } from './books.ts';
import type { Context } from './context.ts';
import { toInvoice } from './domain/invoices.ts';
import { errors } from './errors.ts';
import type { Invoice, Payment, StoredInvoice } from './types.ts';

export function requirePayment(ctx: Context, { params }: StandinRequest): Payment {
  const payment = ctx.books.payments.get(params.id ?? '');
  if (payment === undefined) throw errors.notFound('Payment');
  return payment;
}

/** The invoice as the API shows it now, with its payments. */
export function requireInvoice(ctx: Context, request: StandinRequest): Invoice {
  return showStoredInvoice(ctx, requireStoredInvoice(ctx, request));
}

export function requireStoredInvoice(ctx: Context, { params }: StandinRequest): StoredInvoice {
  const stored = ctx.books.invoices.get(params.id ?? '');
  if (stored === undefined) throw errors.notFound('Invoice');
  return stored;
}

export function showStoredInvoice(ctx: Context, stored: StoredInvoice): Invoice {
  return toInvoice(stored, paymentsOfInvoice(ctx.books, stored.id), ctx.options.now());
}
