import type { Context } from '../context.ts';
import type { ClaimedRow } from '../db/rows.ts';
import { runInTrace } from '../run-in-trace.ts';
import { putOff } from './outcomes.ts';

/** Runs one step of a message in the trace of its fact. A fault of ours puts the message off; it never ends the lane. */
export async function sendSafely(ctx: Context, row: ClaimedRow, step: () => Promise<void>): Promise<void> {
  const headers = { traceparent: row.traceparent ?? undefined, tracestate: row.tracestate ?? undefined };
  const attributes = {
    'mawid.message.id': row.id,
    'mawid.message.kind': row.kind,
    'mawid.message.attempt': row.attempts + 1,
  };
  const origin = { name: `send ${row.kind}`, headers, createdAt: row.createdAt, attributes };
  try {
    await runInTrace(ctx, origin, step);
  } catch (error) {
    ctx.logger.error({ err: error, message_id: row.id, kind: row.kind }, 'a step of a message failed, will retry');
    // When the database itself is away the lease lapses, and the message comes back by that.
    await putOff(ctx, row, 'fault').catch(() => undefined);
  }
}
