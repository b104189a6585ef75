import type { Context } from '../context.ts';
import { chargedAmountOf } from '../domain/payments.ts';
import { showStoredInvoice } from '../require-row.ts';
import type { Payment } from '../types.ts';

interface Totals {
  payments: number;
  charged: number;
  voided: number;
  refunded: number;
  /** What the merchant keeps before fees: charged − voided − refunded. */
  net: number;
  fees: number;
}

const chargedStatuses: readonly string[] = ['paid', 'captured', 'refunded'];

/** The provider's side of the story, for an audit against our ledger. Minor units throughout. */
export function getBooks({ books, ...ctx }: Context) {
  const payments = books.payments.list();
  const deliveries = books.deliveries.list();
  const countOf = (state: string) => deliveries.filter((delivery) => delivery.state === state).length;
  return {
    payments,
    refunds: books.refunds.list(),
    invoices: books.invoices.list().map((stored) => showStoredInvoice({ books, ...ctx }, stored)),
    totals: toTotals(payments),
    webhooks: { pending: countOf('pending'), delivered: countOf('delivered'), dropped: countOf('dropped') },
    raw_card_breaches: books.breaches.list().map(({ id }) => id),
  };
}

function toTotals(payments: readonly Payment[]): Record<string, Totals> {
  const totals: Record<string, Totals> = {};
  for (const payment of payments) {
    const isVoided = payment.status === 'voided' && (payment.captured > 0 || payment.source.response_code === '00');
    if (!isVoided && !chargedStatuses.includes(payment.status)) continue;
    totals[payment.currency] = addPayment(totals[payment.currency], payment, isVoided);
  }
  return totals;
}

function addPayment(before: Totals | undefined, payment: Payment, isVoided: boolean): Totals {
  const sum = before ?? { payments: 0, charged: 0, voided: 0, refunded: 0, net: 0, fees: 0 };
  const charged = chargedAmountOf(payment);
  const voided = isVoided ? charged : 0;
  return {
    payments: sum.payments + 1,
    charged: sum.charged + charged,
    voided: sum.voided + voided,
    refunded: sum.refunded + payment.refunded,
    net: sum.net + charged - voided - payment.refunded,
    fees: sum.fees + (isVoided ? 0 : payment.fee),
  };
}
