import { outsideCall, reasonOf } from '@mawid/service-kit';
import { type CallAudit, recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import type { User } from '../domain/user.ts';
import type { Draft } from './draft-code.ts';
import type { Attempt } from './read-attempt.ts';

const outcomes: Readonly<Record<string, string>> = {
  CODE_COOLDOWN: 'cooldown',
  CODE_BUDGET_SPENT: 'budget_spent',
  CHALLENGE_REQUIRED: 'challenged',
  CODE_SENDING_PAUSED: 'paused',
  EMAIL_TAKEN: 'email_taken',
};

// What an address can ask for without anything being sent.
const provoked: ReadonlySet<string> = new Set(['CHALLENGE_REQUIRED', 'EMAIL_TAKEN']);

/** The line of an attempt that was answered. For a country that is not served, the answer is all there was. */
export function toAudit(attempt: Attempt, draft: Draft, user: User | undefined): CallAudit {
  const { isServed } = attempt;
  return {
    ...whatOf(attempt),
    outcome: isServed ? 'ok' : 'refused',
    reason: isServed ? undefined : 'COUNTRY_NOT_SERVED',
    userId: attempt.order.userId ?? user?.id,
    details: { ...detailsOf(attempt), request_id: draft.requestId },
  };
}

/** Writes down an attempt that was refused; faults are in the log. Whoever hangs up at once is written down as well. */
export async function recordRefusal(ctx: Context, attempt: Attempt, error: unknown): Promise<void> {
  const { order, caller, refusals, now } = attempt;
  const reason = reasonOf(error);
  if (reason === undefined || outcomes[reason] === undefined) return;
  ctx.metrics.codes.inc({ purpose: order.purpose, outcome: outcomes[reason] });
  await outsideCall(async () => {
    if (provoked.has(reason)) await addUses(ctx.database, refusals, now);
    const audit = { ...whatOf(attempt), outcome: 'refused', reason, userId: order.userId } as const;
    await recordAudit(ctx, ctx.database, caller, { ...audit, details: detailsOf(attempt) });
  });
}

function whatOf({ order }: Attempt) {
  return { kind: 'code_requested', phoneNumber: order.phone.e164 } as const;
}

function detailsOf({ order, risk }: Attempt): Record<string, string> {
  const { purpose, channel } = order;
  return { purpose, channel, decision: risk.decision, score: String(risk.score), reasons: risk.reasons.join(',') };
}
