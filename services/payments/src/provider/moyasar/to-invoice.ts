import type { Invoice } from '../payment-provider.ts';
import type { MoyasarInvoice } from './schemas.ts';
import { toCharge, toPaymentId } from './to-charge.ts';

export function toInvoice(invoice: MoyasarInvoice): Invoice {
  return {
    id: invoice.id,
    paymentId: toPaymentId(invoice.metadata),
    url: invoice.url,
    amount: BigInt(invoice.amount),
    currency: invoice.currency,
    charges: (invoice.payments ?? []).map(toCharge),
  };
}
