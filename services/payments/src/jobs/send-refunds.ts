import { v7 as uuidv7 } from 'uuid';
import { sendRefund } from '../actions/send-refund.ts';
import type { Context } from '../context.ts';
import { leaseDueRefunds } from '../db/refunds.ts';

const batch = 4;

/** Sends refunds, different payments side by side, those of one payment one after the other. */
export async function sendRefunds(ctx: Context, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const leaseId = uuidv7();
    const refundIds = await leaseDueRefunds(ctx.database, { leaseId, now: ctx.clock.now(), limit: batch });
    if (refundIds.length === 0) return;
    const results = await Promise.allSettled(refundIds.map((id) => sendRefund(ctx, id, leaseId)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
