import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PaymentCapturedSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { insertEvents } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { flagPayment, moveToCaptured, noteDecline } from '../db/payment-moves.ts';
import { requirePayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { type Charge, judgeCharge } from '../domain/judge-charge.ts';
import { runInTrace } from '../run-in-trace.ts';

export type ChargeOutcome = 'captured' | 'known' | 'declined' | 'nothing' | 'amount_mismatch' | 'charged_twice';

/** Does what a charge, just fetched from the provider, means for a payment. Safe to repeat, in any order. */
export async function applyCharge(ctx: Context, payment: PaymentRow, charge: Charge): Promise<ChargeOutcome> {
  const verdict = judgeCharge(payment, charge);
  switch (verdict) {
    case 'capture':
      return capture(ctx, payment, charge);
    case 'declined':
      await noteDecline(ctx.database, { id: payment.id, reason: charge.declineReason ?? '', now: ctx.clock.now() });
      return verdict;
    case 'amount_mismatch':
    case 'charged_twice':
      await flag(ctx, payment, charge, verdict);
      return verdict;
    default:
      return verdict;
  }
}

async function capture(ctx: Context, payment: PaymentRow, charge: Charge): Promise<ChargeOutcome> {
  const { id, traceparent } = payment;
  const captured = await runInTrace(ctx, { name: 'capture payment', traceparent }, () => moveAndTell(ctx, id, charge));
  if (captured === undefined) {
    // Somebody was faster: what the charge means now is "known", or a second charge.
    return applyCharge(ctx, await requirePayment(ctx.database, id), charge);
  }
  ctx.relay.wake();
  ctx.metrics.transitions.inc({ state: 'captured' });
  return 'captured';
}

function moveAndTell(ctx: Context, id: string, charge: Charge): Promise<PaymentRow | undefined> {
  const now = ctx.clock.now();
  const capturedAt = charge.chargedAt ?? now;
  const move = { id, invoiceId: charge.invoiceId, chargeId: charge.id, capturedAt, now };
  return ctx.database.transaction(async (tx) => {
    const moved = await moveToCaptured(tx, move);
    if (moved) await insertEvents(tx, [toEvent(moved, capturedAt)]);
    return moved;
  });
}

async function flag(ctx: Context, { id, amount }: PaymentRow, charge: Charge, reason: string): Promise<void> {
  const isNew = await flagPayment(ctx.database, { id, reason, now: ctx.clock.now() });
  if (!isNew) return;
  ctx.metrics.attention.inc({ reason });
  const details = { payment_id: id, charge_id: charge.id, reason, asked: amount, charged: charge.charged };
  ctx.logger.error(details, 'a payment needs an operator: the provider took what was not asked for');
}

function toEvent({ id, bookingId, customerId, salonId, captured, currency, version }: PaymentRow, capturedAt: Date) {
  return {
    schema: PaymentCapturedSchema,
    message: create(PaymentCapturedSchema, {
      paymentId: id,
      bookingId,
      customerId,
      salonId,
      amount: { amount: captured, currency },
      capturedAt: timestampFromDate(capturedAt),
    }),
    aggregateId: id,
    aggregateVersion: Number(version),
  };
}
