import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PaymentStartedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { insertEvents, type OutgoingEvent } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { markInvoiceCalled, moveToAwaitingPayer, moveToCreated } from '../db/payment-moves.ts';
import { requirePayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { after, hasLapsed, openCheckAt } from '../domain/check-delays.ts';
import type { Invoice } from '../provider/payment-provider.ts';
import { toProviderError } from '../provider/provider-error.ts';
import { expirePayment, failPayment } from './end-payment.ts';

/**
 * Gives a leased payment its invoice: looks for one that an earlier call made without saying so, and makes one only
 * when there is none and none can still appear. Answers the payment as it is then; without an invoice it stays CREATED
 * or UNKNOWN. Throws ProviderError when the provider could not be asked.
 */
export async function openInvoice(ctx: Context, payment: PaymentRow): Promise<PaymentRow> {
  const found = payment.invoiceCalls > 0 ? await ctx.provider.findInvoice(payment.id) : undefined;
  if (found) return recordInvoice(ctx, payment, found);
  const now = ctx.clock.now();
  if (mayStillAppear(ctx, payment, now)) return payment;
  if (hasLapsed(now, payment.expiresAt)) return expirePayment(ctx, payment);
  // Too late for a page, too early to give up.
  if (now >= payment.expiresAt) return payment;
  return createInvoice(ctx, payment);
}

function mayStillAppear({ config }: Context, { invoiceCalledAt }: PaymentRow, now: Date): boolean {
  return invoiceCalledAt !== null && now < after(invoiceCalledAt, config.moyasar.invoiceSettleMs);
}

async function createInvoice(ctx: Context, payment: PaymentRow): Promise<PaymentRow> {
  const { id: paymentId, bookingId, amount, currency, description, expiresAt } = payment;
  const called = await markInvoiceCalled(ctx.database, paymentId, ctx.clock.now());
  if (called === undefined) return requirePayment(ctx.database, paymentId);
  const order = { paymentId, bookingId, amount, currency, description, expiresAt };
  try {
    return await recordInvoice(ctx, called, await ctx.provider.createInvoice(order));
  } catch (error) {
    return handleFailure(ctx, called, error);
  }
}

async function handleFailure(ctx: Context, payment: PaymentRow, thrown: unknown): Promise<PaymentRow> {
  const error = toProviderError(thrown);
  const { id } = payment;
  ctx.logger.warn({ err: error, payment_id: id, may_have_acted: error.mayHaveActed }, 'no invoice was made');
  if (!error.isRetryable) return failPayment(ctx, payment, error.message);
  if (error.mayHaveActed) return payment;
  return (await moveToCreated(ctx.database, id, ctx.clock.now())) ?? requirePayment(ctx.database, id);
}

async function recordInvoice(ctx: Context, { id, expiresAt }: PaymentRow, invoice: Invoice): Promise<PaymentRow> {
  const now = ctx.clock.now();
  const nextCheckAt = openCheckAt(now, expiresAt, ctx.config.pollMs);
  const move = { id, invoiceId: invoice.id, url: invoice.url, nextCheckAt, now };
  // Booking keeps the payer's time a little longer from here on: whoever can be sent to the page is known to it.
  const moved = await ctx.database.transaction(async (tx) => {
    const awaiting = await moveToAwaitingPayer(tx, move);
    if (awaiting) await insertEvents(tx, [toStartedEvent(awaiting, now)]);
    return awaiting;
  });
  if (moved === undefined) return requirePayment(ctx.database, id);
  ctx.relay.wake();
  ctx.metrics.transitions.inc({ state: moved.state });
  return moved;
}

function toStartedEvent({ id, bookingId, customerId, version }: PaymentRow, startedAt: Date): OutgoingEvent {
  return {
    schema: PaymentStartedSchema,
    message: create(PaymentStartedSchema, {
      paymentId: id,
      bookingId,
      customerId,
      startedAt: timestampFromDate(startedAt),
    }),
    aggregateId: id,
    aggregateVersion: Number(version),
  };
}
