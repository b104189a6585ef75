import type { Invoice } from '../payment-provider.ts';
import { ProviderError } from '../provider-error.ts';
import type { Caller } from './create-caller.ts';
import { type InvoiceList, invoiceListSchema, type MoyasarInvoice } from './schemas.ts';
import { toPaymentId } from './to-charge.ts';
import { toInvoice } from './to-invoice.ts';

const mostPages = 25;

/**
 * Looks an invoice up by the payment's id in its metadata. Were the filter ever ignored, the pages are gone through:
 * "not found" leads to a second invoice and must be right.
 */
export async function findInvoice(call: Caller, paymentId: string): Promise<Invoice | undefined> {
  let page: number | undefined = 1;
  for (let pages = 0; page !== undefined; pages++) {
    if (pages === mostPages) {
      throw new ProviderError('too many invoices to look through', { isRetryable: true, mayHaveActed: false });
    }
    const { invoices, meta }: InvoiceList = await call(toCall(paymentId, page), invoiceListSchema);
    const ours = invoices.filter(({ metadata }) => toPaymentId(metadata) === paymentId);
    if (ours.length > 0) return toInvoice(choose(ours));
    page = meta?.next_page ?? undefined;
  }
  return undefined;
}

function toCall(paymentId: string, page: number) {
  const query = new URLSearchParams({ 'metadata[payment_id]': paymentId, page: String(page) });
  return { method: 'GET', template: '/invoices', path: `/invoices?${query}` } as const;
}

// Newest first; where there are two after all, the one that was paid is the one that matters.
function choose(invoices: readonly MoyasarInvoice[]): MoyasarInvoice {
  const chosen = invoices.find(({ status }) => status === 'paid' || status === 'refunded') ?? invoices.at(-1);
  if (chosen === undefined) throw new RangeError('nothing to choose from');
  return chosen;
}
