import type { Context } from './context.ts';
import { showStoredInvoice } from './require-row.ts';

/** Posts a paid invoice to its own `callback_url`: once, without a secret, so the receiver must not believe it. */
export function notifyInvoiceCallback(ctx: Context, invoiceId: string | null): void {
  const stored = invoiceId === null ? undefined : ctx.books.invoices.get(invoiceId);
  if (stored === undefined || stored.callback_url === null) return;
  fetch(stored.callback_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'Moyasar-Webhook' },
    body: JSON.stringify(showStoredInvoice(ctx, stored)),
    signal: AbortSignal.timeout(10_000),
  }).then(
    (response) => response.body?.cancel(),
    (error: unknown) => console.error(JSON.stringify({ level: 'warn', msg: 'callback failed', error: String(error) })),
  );
}
