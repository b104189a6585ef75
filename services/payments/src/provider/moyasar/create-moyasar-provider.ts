import type { Config } from '../../config.ts';
import type { Charge } from '../../domain/judge-charge.ts';
import type { Invoice, InvoiceOrder, PaymentProvider } from '../payment-provider.ts';
import { ProviderError } from '../provider-error.ts';
import { type Call, type Caller, type CallerOptions, createCaller } from './create-caller.ts';
import { findInvoice } from './find-invoice.ts';
import { invoiceSchema, paymentSchema } from './schemas.ts';
import { toCharge } from './to-charge.ts';
import { toInvoice } from './to-invoice.ts';

export interface MoyasarOptions extends Omit<CallerOptions, 'config'> {
  readonly config: Config;
}

/** Moyasar, by its hosted invoices: card data never comes near us. */
export function createMoyasarProvider({ config, ...rest }: MoyasarOptions): PaymentProvider {
  const call = createCaller({ ...rest, config: config.moyasar });
  return {
    createInvoice: (order) => createInvoice(call, order, config),
    findInvoice: (paymentId) => findInvoice(call, paymentId),
    async fetchInvoice(id) {
      const found = await fetchOrUndefined(() => call(get('/invoices/{id}', id), invoiceSchema));
      return found && toInvoice(found);
    },
    async fetchCharge(id) {
      const found = await fetchOrUndefined(() => call(get('/payments/{id}', id), paymentSchema));
      return found && toCharge(found);
    },
    refund: (chargeId, amount) => refund(call, chargeId, amount),
  };
}

async function createInvoice(call: Caller, order: InvoiceOrder, { publicUrl, returnUrl }: Config): Promise<Invoice> {
  const { paymentId, bookingId } = order;
  const returnTo = (outcome: string) => `${returnUrl}?${new URLSearchParams({ payment_id: paymentId, outcome })}`;
  const body = {
    amount: toJsonAmount(order.amount),
    currency: order.currency,
    description: order.description,
    callback_url: `${publicUrl}/api/webhooks/moyasar`,
    success_url: returnTo('paid'),
    back_url: returnTo('left'),
    expired_at: order.expiresAt.toISOString(),
    metadata: { payment_id: paymentId, booking_id: bookingId },
  };
  const invoice = toInvoice(
    await call({ method: 'POST', template: '/invoices', path: '/invoices', body }, invoiceSchema),
  );
  if (invoice.amount === order.amount && invoice.currency === order.currency) return invoice;
  throw new ProviderError('the invoice is not over what was asked', { isRetryable: true, mayHaveActed: true });
}

async function refund(call: Caller, chargeId: string, amount: bigint): Promise<Charge> {
  const { template, path } = get('/payments/{id}/refund', chargeId);
  return toCharge(
    await call({ method: 'POST', template, path, body: { amount: toJsonAmount(amount) } }, paymentSchema),
  );
}

function get(template: string, id: string): Call {
  return { method: 'GET', template, path: template.replace('{id}', encodeURIComponent(id)) };
}

async function fetchOrUndefined<T>(fetchIt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await fetchIt();
  } catch (error) {
    if (error instanceof ProviderError && error.status === 404) return undefined;
    throw error;
  }
}

// JSON's integers are exact up to 2^53, which no amount comes near.
function toJsonAmount(amount: bigint): number {
  if (amount <= 0n || amount > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`no amount to send: ${amount}`);
  return Number(amount);
}
