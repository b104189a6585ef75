import type { Invoice, Payment, StoredInvoice } from '../types.ts';

/** Shows an invoice as it is at `now`: an unpaid one lapses at `expired_at` by the clock alone. */
export function toInvoice(stored: StoredInvoice, payments: Payment[], now: Date): Invoice {
  const charged = payments.find((payment) => !['failed', 'initiated'].includes(payment.status));
  return {
    ...stored,
    status: isLapsed(stored, now) ? 'expired' : stored.status,
    payment_id: charged?.id ?? null,
    payments,
  };
}

export function isLapsed(invoice: StoredInvoice, now: Date): boolean {
  if (invoice.status !== 'initiated' || invoice.expired_at === null) return false;
  return Date.parse(invoice.expired_at) <= now.getTime();
}

/** An ISO date-time, or a bare date, which means the start of that day in Riyadh. Undefined when it is neither. */
export function parseExpiry(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const isBareDate = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const time = Date.parse(isBareDate ? `${value}T00:00:00+03:00` : value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
