import { requireLikelyRoom } from '../budgets/require-room.ts';
import { challengeRequired } from '../challenge/challenge-required.ts';
import { findSolvedPuzzle, type SolvedPuzzle } from '../challenge/proof-of-work.ts';
import type { Context } from '../context.ts';
import { refuseSend } from '../domain/send-budget.ts';
import { errors } from '../errors.ts';
import type { Attempt } from './read-attempt.ts';

// Long enough that trying on is no use; whoever is a person will try from elsewhere, or tomorrow.
const deniedSeconds = 600;

/**
 * Lets an attempt through by its risk and by how the budgets stand, before anything is locked or written. What comes back is the
 * solved puzzle, where one was shown and is not yet used up.
 */
export async function requireAllowed(ctx: Context, attempt: Attempt): Promise<SolvedPuzzle | undefined> {
  const { order, risk, claims, refusals, stored, now } = attempt;
  if (risk.decision === 'deny') throw denied(ctx);
  const standing = { uses: stored.standing, send: refuseSend(stored.sentAt, now, ctx.config.sends), now };
  // Whether an e-mail address is taken is told for nothing, so it is not told for ever.
  const provoked = order.profile?.email ? refusals : [];
  requireLikelyRoom(ctx, [...claims.own, ...claims.shared, ...provoked], standing);
  const solved = await findSolved(ctx, attempt);
  if (risk.decision === 'allow' || solved) return solved;
  requireLikelyRoom(ctx, refusals, standing);
  throw await challengeRequired(ctx);
}

async function findSolved(ctx: Context, { order, subject }: Attempt): Promise<SolvedPuzzle | undefined> {
  const text = order.challengeSolution ?? '';
  return text === '' || subject.isKnown ? undefined : findSolvedPuzzle(ctx, text);
}

/** What a phone with no codes left is answered: nobody learns that they were seen through. */
function denied({ config }: Context) {
  const { maxPerWindow: quota, windowMs } = config.sends;
  const policy = { name: 'phone', quota, windowSeconds: windowMs / 1000 };
  return errors.sendRefused({ reason: 'CODE_BUDGET_SPENT', retryAfterSeconds: deniedSeconds, policy });
}
