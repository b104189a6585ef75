import { currentTraceHeaders, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { insertRefund } from '../db/refunds.ts';

export interface RefundRequest {
  readonly paymentId: string;
  readonly amount: bigint;
  readonly reason: string;
  /** The fact that asks for it; one fact has one refund, however often it is told. */
  readonly source: string | undefined;
  readonly requestedBy?: string | undefined;
}

/** Writes a refund that the worker sends after the commit. The caller has locked the payment and checked the amount. */
export async function requestRefund(ctx: Context, tx: Transaction, request: RefundRequest): Promise<void> {
  const id = uuidv7();
  const isNew = await insertRefund(tx, {
    id,
    paymentId: request.paymentId,
    amount: request.amount,
    reason: request.reason,
    sourceKey: request.source ?? `operator:${id}`,
    requestedBy: request.requestedBy,
    traceparent: currentTraceHeaders().traceparent,
    now: ctx.clock.now(),
  });
  if (isNew) ctx.metrics.refunds.inc({ outcome: 'requested' });
}
