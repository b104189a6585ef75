import { setTimeout as sleep } from 'node:timers/promises';
import { currentTraceHeaders, outsideCall } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { leaseMs, releaseLease, takeLease } from '../db/leases.ts';
import { findLivePayment, findPayment, insertPayment, requirePayment } from '../db/payments.ts';
import type { PaymentRow } from '../db/rows.ts';
import { after, hasLapsed, unresolvedDelayMs } from '../domain/check-delays.ts';
import { lacksInvoice } from '../domain/payment-state.ts';
import { checkPayment } from './check-payment.ts';
import { openInvoice } from './open-invoice.ts';

/** What a payment is for. */
export interface PaymentOrder {
  readonly id: string;
  readonly customerId: string;
  readonly salonId: string;
  readonly amount: bigint;
  readonly currency: string;
  readonly holdExpiresAt: Date;
  readonly description: string;
}

const mostRounds = 5;

/**
 * The booking's live payment, made when there is none, with its invoice where the provider answers. However many ask
 * at once, one of them talks to the provider and the others wait for what it brings. Undefined when payments of the
 * booking begin and end faster than one can look. Throws ProviderError.
 */
export async function providePayment(ctx: Context, booking: PaymentOrder): Promise<PaymentRow | undefined> {
  for (let round = 0; round < mostRounds; round++) {
    const leaseId = uuidv7();
    const made = await insert(ctx, booking, leaseId);
    if (made) return openLeased(ctx, made, leaseId);
    const live = await findLivePayment(ctx.database, booking.id);
    // None: it has just ended, and there is room for a new one.
    if (live === undefined) continue;
    if (!needsWork(ctx, live)) return live;
    const leased = await takeLease(ctx.database, live.id, leaseId);
    if (leased === undefined) {
      if (!(await awaitOther(ctx, live.id))) return live;
    } else if (lacksInvoice(leased.state)) {
      return openLeased(ctx, leased, leaseId);
    } else {
      // Another payment would come too late: with the end of this one's page the booking's hold is over, too.
      await outsideCall(() => checkPayment(ctx, leased, leaseId));
      return requirePayment(ctx.database, live.id);
    }
  }
  return undefined;
}

function insert(ctx: Context, booking: PaymentOrder, leaseId: string): Promise<PaymentRow | undefined> {
  const now = ctx.clock.now();
  return insertPayment(ctx.database, {
    id: uuidv7(),
    bookingId: booking.id,
    customerId: booking.customerId,
    salonId: booking.salonId,
    amount: booking.amount,
    currency: booking.currency,
    description: booking.description,
    expiresAt: booking.holdExpiresAt,
    nextCheckAt: after(now, unresolvedDelayMs(0)),
    leaseId,
    leaseMs,
    traceparent: currentTraceHeaders().traceparent,
    now,
  });
}

/** Its invoice is missing, or its page has lapsed although the booking is still held. */
function needsWork({ clock }: Context, { state, expiresAt }: PaymentRow): boolean {
  return lacksInvoice(state) || (state === 'awaiting_payer' && hasLapsed(clock.now(), expiresAt));
}

// What the provider has done is recorded and the lease given back, whether or not the caller is still there.
function openLeased(ctx: Context, payment: PaymentRow, leaseId: string): Promise<PaymentRow> {
  return outsideCall(async () => {
    try {
      return await openInvoice(ctx, payment);
    } finally {
      await releaseLease(ctx.database, payment.id, leaseId);
    }
  });
}

/** Waits for whoever has the lease; false when that takes longer than a call to the provider may. */
async function awaitOther(ctx: Context, id: string): Promise<boolean> {
  const end = performance.now() + ctx.config.moyasar.timeoutMs;
  for (let waitMs = 20; performance.now() < end; waitMs = Math.min(waitMs * 2, 200)) {
    await sleep(waitMs);
    const payment = await findPayment(ctx.database, id);
    if (payment?.leaseId == null) return true;
  }
  return false;
}
