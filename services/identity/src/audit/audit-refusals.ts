import { type Caller, outsideCall, reasonOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { type CallAudit, recordAudit } from './record-audit.ts';

export type Refusable = Omit<CallAudit, 'outcome' | 'reason'> & { caller: Caller };

// What a request lacks is no attempt at anything, what is not there was not touched, and in an outage nothing was decided.
const ignored: ReadonlySet<string> = new Set(['VALIDATION_FAILED', 'NOT_FOUND', 'UNAUTHENTICATED', 'UNAVAILABLE']);

/** Does the work, and writes down when a rule refuses it. */
export async function auditRefusals<T>(
  ctx: Context,
  { caller, ...audit }: Refusable,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== undefined && !ignored.has(reason)) {
      await outsideCall(() => recordAudit(ctx, ctx.database, caller, { ...audit, outcome: 'refused', reason }));
    }
    throw error;
  }
}
