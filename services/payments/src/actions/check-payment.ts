import type { Context } from '../context.ts';
import { releaseCheck } from '../db/leases.ts';
import { requirePayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { after, expiredDelayMs, isGivenUp, openCheckAt, unresolvedDelayMs } from '../domain/check-delays.ts';
import type { Charge } from '../domain/judge-charge.ts';
import { lacksInvoice } from '../domain/payment-state.ts';
import { ProviderError } from '../provider/provider-error.ts';
import { applyCharge } from './apply-charge.ts';
import { expirePayment } from './end-payment.ts';
import { openInvoice } from './open-invoice.ts';

/** Asks the provider about a leased payment that nobody has told the end of, and gives it back. */
export async function checkPayment(ctx: Context, payment: PaymentRow, leaseId: string): Promise<void> {
  try {
    await (lacksInvoice(payment.state) ? openInvoice(ctx, payment) : lookForMoney(ctx, payment));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    ctx.logger.warn({ err: error, payment_id: payment.id }, 'the provider could not be asked about a payment');
  }
  const now = await requirePayment(ctx.database, payment.id);
  await releaseCheck(ctx.database, { id: payment.id, leaseId, nextCheckAt: nextCheckAt(ctx, now) });
}

async function lookForMoney(ctx: Context, payment: PaymentRow): Promise<void> {
  // Before the answer: a payer who pays between the two is found by the check after the expiry.
  const askedAt = ctx.clock.now();
  const { id, providerInvoiceId } = payment;
  const invoice = await (providerInvoiceId
    ? ctx.provider.fetchInvoice(providerInvoiceId)
    : ctx.provider.findInvoice(id));
  const charges = invoice?.charges ?? [];
  await applyCharges(ctx, payment, charges);
  const current = await requirePayment(ctx.database, payment.id);
  const isAtBank = charges.some(({ status }) => status === 'pending');
  const isOver = isGivenUp(askedAt, payment.expiresAt, isAtBank);
  if (isOver && current.state === 'awaiting_payer' && current.attention === null) await expirePayment(ctx, current);
}

async function applyCharges(ctx: Context, payment: PaymentRow, charges: readonly Charge[]): Promise<void> {
  // Declines are final and no more than a text for the payer: a hundred of them are no reason for a hundred questions.
  const declined = charges.filter(({ status }) => status === 'declined').toSorted(byTime);
  const last = declined.at(-1);
  if (last) await applyCharge(ctx, payment, last);
  for (const { id } of charges.filter(({ status }) => status === 'charged')) {
    // What an invoice embeds may be older than the payment itself.
    const charge = await ctx.provider.fetchCharge(id);
    if (charge) await applyCharge(ctx, await requirePayment(ctx.database, payment.id), charge);
  }
}

function byTime(a: Charge, b: Charge): number {
  return (a.chargedAt?.getTime() ?? 0) - (b.chargedAt?.getTime() ?? 0);
}

function nextCheckAt({ clock, config }: Context, payment: PaymentRow): Date | undefined {
  const now = clock.now();
  const { state, checks, attention, expiresAt } = payment;
  if (attention !== null) return undefined;
  if (lacksInvoice(state)) return openCheckAt(now, expiresAt, unresolvedDelayMs(checks + 1));
  if (state === 'awaiting_payer') return openCheckAt(now, expiresAt, config.pollMs);
  const delay = state === 'expired' ? expiredDelayMs(checks + 1) : undefined;
  return delay === undefined ? undefined : after(now, delay);
}
