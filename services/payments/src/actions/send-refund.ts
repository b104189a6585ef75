import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { insertEvents } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { releaseLease } from '../db/leases.ts';
import { lockPayment } from '../db/payments.ts';
import {
  addRefunded,
  delayRefund,
  findLeasedRefund,
  markRefundSent,
  moveRefundToFailed,
  moveRefundToSucceeded,
} from '../db/refunds.ts';
import type { PaymentRow, RefundRow } from '../db/rows.ts';
import { after, unresolvedDelayMs } from '../domain/check-delays.ts';
import type { Charge } from '../domain/judge-charge.ts';
import { nextRefundStep, type RefundStep, stateAfterRefund } from '../domain/refunds.ts';
import { type ProviderError, toProviderError } from '../provider/provider-error.ts';
import { runInTrace } from '../run-in-trace.ts';

const mostPauseMs = 5_000;

interface Sending {
  readonly refund: RefundRow;
  readonly payment: PaymentRow;
  readonly leaseId: string;
}

/** Takes one step with a refund whose payment is leased, and gives the payment back. */
export async function sendRefund(ctx: Context, refundId: string, leaseId: string): Promise<void> {
  const leased = await findLeasedRefund(ctx.database, refundId, leaseId);
  if (leased === undefined) return;
  const { traceparent } = leased.refund;
  await runInTrace(ctx, { name: 'send refund', traceparent }, () => takeStep(ctx, { ...leased, leaseId }));
  await releaseLease(ctx.database, leased.payment.id, leaseId);
}

async function takeStep(ctx: Context, sending: Sending): Promise<void> {
  try {
    const charge = await ctx.provider.fetchCharge(sending.payment.providerPaymentId ?? '');
    const step = charge ? decide(ctx, sending, charge) : 'mismatch';
    if (step === 'send') await send(ctx, sending);
    else if (step === 'done' && charge) await succeed(ctx, sending, { charge, outcome: 'recognised' });
    else await postpone(ctx, sending, step);
  } catch (error) {
    const failure = toProviderError(error);
    // Only a question was asked; whether an earlier call has acted is as open as before.
    await retryLater(ctx, sending, { failure, isUnsent: false });
  }
}

function decide({ clock, config }: Context, { refund, payment }: Sending, charge: Charge): RefundStep {
  return nextRefundStep({
    amount: refund.amount,
    recorded: payment.refunded,
    provider: charge.refunded,
    sentAt: refund.sentAt ?? undefined,
    now: clock.now(),
    settleMs: config.moyasar.refundSettleMs,
  });
}

async function send(ctx: Context, sending: Sending): Promise<void> {
  const { refund, payment, leaseId } = sending;
  const { database, clock, provider } = ctx;
  const startedAt = performance.now();
  // From this commit on the call may have left, whatever becomes of this process.
  if (!(await markRefundSent(database, { refundId: refund.id, leaseId, now: clock.now() }))) return;
  // A process that was stopped here for long may no longer hold the lease.
  if (performance.now() - startedAt > mostPauseMs) return;
  let charge: Charge;
  try {
    charge = await provider.refund(payment.providerPaymentId ?? '', refund.amount);
  } catch (error) {
    const failure = toProviderError(error);
    if (failure.isRetryable) return retryLater(ctx, sending, { failure, isUnsent: !failure.mayHaveActed });
    return settleRefusal(ctx, sending, failure);
  }
  await succeed(ctx, sending, { charge, outcome: 'succeeded' });
}

/** Where an earlier call was lost, a refusal may mean that it has acted after all, and that nothing is left. */
async function settleRefusal(ctx: Context, sending: Sending, failure: ProviderError): Promise<void> {
  const { refund, payment } = sending;
  const charge = refund.sentAt ? await ctx.provider.fetchCharge(payment.providerPaymentId ?? '') : undefined;
  if (charge && decide(ctx, sending, charge) === 'done')
    return succeed(ctx, sending, { charge, outcome: 'recognised' });
  return fail(ctx, refund, failure);
}

async function succeed(
  ctx: Context,
  { refund, payment }: Sending,
  { charge, outcome }: { charge: Charge; outcome: 'succeeded' | 'recognised' },
): Promise<void> {
  const now = ctx.clock.now();
  const refundedAt = charge.refundedAt ?? now;
  const isDone = await ctx.database.transaction(async (tx) => {
    const current = await lockPayment(tx, payment.id);
    if (!current || !(await moveRefundToSucceeded(tx, refund.id, { refundedAt, now }))) return false;
    const state = stateAfterRefund(current.captured, current.refunded + refund.amount);
    const after = await addRefunded(tx, { id: payment.id, amount: refund.amount, state, now });
    await insertEvents(tx, [toEvent(refund, after, refundedAt)]);
    return true;
  });
  if (!isDone) return;
  ctx.relay.wake();
  ctx.metrics.refunds.inc({ outcome });
}

async function fail(ctx: Context, refund: RefundRow, failure: ProviderError): Promise<void> {
  await moveRefundToFailed(ctx.database, { id: refund.id, reason: failure.message, now: ctx.clock.now() });
  ctx.metrics.refunds.inc({ outcome: 'failed' });
  const details = { err: failure, payment_id: refund.paymentId, refund_id: refund.id };
  ctx.logger.error(details, 'a refund needs an operator: the provider refuses it');
}

async function retryLater(
  ctx: Context,
  { refund }: Sending,
  { failure, isUnsent }: { failure: ProviderError; isUnsent: boolean },
): Promise<void> {
  const now = ctx.clock.now();
  const nextAttemptAt = after(now, unresolvedDelayMs(refund.attempts));
  await delayRefund(ctx.database, { id: refund.id, nextAttemptAt, isUnsent, reason: failure.message, now });
  ctx.metrics.refunds.inc({ outcome: 'retried' });
  ctx.logger.warn(
    { err: failure, refund_id: refund.id, next_attempt_at: nextAttemptAt },
    'a refund is tried again later',
  );
}

async function postpone(ctx: Context, { refund, payment }: Sending, step: RefundStep): Promise<void> {
  const now = ctx.clock.now();
  const isMismatch = step === 'mismatch';
  const nextAttemptAt = after(now, unresolvedDelayMs(isMismatch ? Number.POSITIVE_INFINITY : 0));
  await delayRefund(ctx.database, { id: refund.id, nextAttemptAt, isUnsent: false, reason: step, now });
  if (!isMismatch) return;
  ctx.metrics.refunds.inc({ outcome: 'mismatch' });
  const details = { payment_id: payment.id, refund_id: refund.id, recorded: payment.refunded };
  ctx.logger.error(details, 'a refund needs an operator: the provider has given back what we did not send');
}

function toEvent(refund: RefundRow, { id, bookingId, customerId, currency, version }: PaymentRow, refundedAt: Date) {
  return {
    schema: RefundSucceededSchema,
    message: create(RefundSucceededSchema, {
      refundId: refund.id,
      paymentId: id,
      bookingId,
      customerId,
      amount: { amount: refund.amount, currency },
      refundedAt: timestampFromDate(refundedAt),
    }),
    aggregateId: id,
    aggregateVersion: Number(version),
  };
}
