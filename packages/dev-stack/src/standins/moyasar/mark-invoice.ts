import type { Context } from './context.ts';
import type { InvoiceStatus } from './types.ts';

/** Moves the invoice of a payment, if it has one, to a status. */
export function markInvoice(ctx: Context, invoiceId: string | null, status: InvoiceStatus): void {
  const invoice = invoiceId === null ? undefined : ctx.books.invoices.get(invoiceId);
  if (invoice === undefined) return;
  const now = ctx.options.now().toISOString();
  const paidAt = status === 'paid' ? now : invoice.paid_at;
  ctx.books.invoices.put({ ...invoice, status, paid_at: paidAt, updated_at: now });
}
