import { type Caller, outsideCall } from '@mawid/service-kit';
import { validate as isUuid } from 'uuid';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { countWrongCheck } from '../db/check-counts.ts';
import { findCode, type Trial } from '../db/code-trials.ts';
import { causeOfDeath } from '../domain/dead-code.ts';

export interface RefusedCode {
  trial: Trial;
  /** It was compared, and was not the code. */
  isWrong: boolean;
}

/** Writes down a code that was refused. Whoever hangs up at once is written down as well. */
export function recordRefusedCode(ctx: Context, caller: Caller, { trial, isWrong }: RefusedCode): Promise<void> {
  const { purpose, requestId, network, now, maxAttempts } = trial;
  ctx.metrics.checks.inc({ purpose, outcome: isWrong ? 'wrong' : 'refused' });
  return outsideCall(async () => {
    if (isWrong) await countWrongCheck(ctx.database, network, now);
    // What is no request id may be anything, even a code that was put into the wrong field.
    const code = isUuid(requestId) ? await findCode(ctx.database, requestId) : undefined;
    const cause = isWrong ? 'wrong' : causeOfDeath(code, trial, maxAttempts);
    await recordAudit(ctx, ctx.database, caller, {
      ...{ kind: 'code_checked', outcome: 'refused', reason: 'CODE_INVALID' },
      userId: code?.holderId,
      phoneNumber: code?.phoneNumber,
      details: { purpose, cause, ...(isUuid(requestId) ? { request_id: requestId } : {}) },
    });
  });
}
