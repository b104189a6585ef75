import { v7 as uuidv7 } from 'uuid';
import { checkPayment } from '../actions/check-payment.ts';
import type { Context } from '../context.ts';
import { leaseDueChecks } from '../db/leases.ts';

const batch = 4;

/** Asks the provider about payments whose end nobody has told: lost webhooks, lost calls, lapsed pages. */
export async function checkPayments(ctx: Context, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const leaseId = uuidv7();
    const payments = await leaseDueChecks(ctx.database, { leaseId, now: ctx.clock.now(), limit: batch });
    if (payments.length === 0) return;
    const results = await Promise.allSettled(payments.map((payment) => checkPayment(ctx, payment, leaseId)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
