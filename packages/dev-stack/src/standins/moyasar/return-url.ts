import type { Context } from './context.ts';
import type { PageLanguage } from './pages/page-language.ts';
import type { Payment } from './types.ts';

/**
 * Where the payer's browser goes when the bank has spoken: the merchant's page with `id`, `status` and `message`,
 * which the merchant must not believe, or the hosted page when the merchant named none.
 */
export function toReturnUrl(ctx: Context, payment: Payment, language: PageLanguage): string {
  const merchantUrl = toMerchantUrl(ctx, payment);
  if (merchantUrl === null) return `/invoices/${payment.invoice_id}/pay?lang=${language}&payment=${payment.id}`;
  const url = new URL(merchantUrl);
  url.searchParams.set('id', payment.id);
  url.searchParams.set('status', payment.status);
  url.searchParams.set('message', payment.source.message ?? '');
  if (payment.invoice_id !== null) url.searchParams.set('invoice_id', payment.invoice_id);
  return url.href;
}

function toMerchantUrl({ books }: Context, payment: Payment): string | null {
  const invoice = payment.invoice_id === null ? undefined : books.invoices.get(payment.invoice_id);
  if (invoice === undefined) return payment.callback_url;
  return payment.status === 'failed' ? invoice.back_url : invoice.success_url;
}
