import { openStore, type Table } from '../shared/store.ts';
import type {
  Delivery,
  Payment,
  PendingCharge,
  Refund,
  StoredInvoice,
  StoredToken,
  StoredWebhook,
  WebhookAttempt,
} from './types.ts';

/** Everything this stand-in knows. Rows are replaced whole, never changed in place. */
export interface Books {
  readonly payments: Table<Payment>;
  readonly invoices: Table<StoredInvoice>;
  readonly charges: Table<PendingCharge>;
  readonly tokens: Table<StoredToken>;
  readonly refunds: Table<Refund>;
  readonly webhooks: Table<StoredWebhook>;
  readonly deliveries: Table<Delivery>;
  readonly attempts: Table<WebhookAttempt>;
  /** Server-side calls that carried raw card data, which the provider forbids by contract. */
  readonly breaches: Table<{ id: string }>;
  clear(): void;
  close(): void;
}

export function openBooks(file: string | undefined): Books {
  const store = openStore(file);
  return {
    payments: store.table('payments'),
    invoices: store.table('invoices'),
    charges: store.table('charges'),
    tokens: store.table('tokens'),
    refunds: store.table('refunds'),
    webhooks: store.table('webhooks'),
    deliveries: store.table('deliveries'),
    attempts: store.table('attempts'),
    breaches: store.table('breaches'),
    clear: () => store.clear(),
    close: () => store.close(),
  };
}

export function paymentsOfInvoice(books: Books, invoiceId: string): Payment[] {
  return books.payments.list().filter((payment) => payment.invoice_id === invoiceId);
}
