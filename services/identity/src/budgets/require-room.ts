import type { ConnectError } from '@connectrpc/connect';
import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import { partAt, secondsUntilRoom, sumUses, type Uses } from '../domain/budget.ts';
import { longestOf, type SendRefusal } from '../domain/send-budget.ts';
import { errors } from '../errors.ts';
import type { Claim } from './claim.ts';

/**
 * Uses the budgets, or refuses, so that the transaction is rolled back and nothing is used. Says how much of each is used when
 * this is committed.
 */
export async function requireRoom(
  ctx: Context,
  on: Queryable,
  claims: readonly Claim[],
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  return assertRoom(ctx, { claims, uses: await addUses(on, claims, now), now });
}

/** Refuses where one of the budgets holds too much now that the claims are counted in. */
export function assertRoom(
  ctx: Context,
  { claims, uses, now }: { claims: readonly Claim[]; uses: readonly Uses[]; now: Date },
): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const [at, claim] of claims.entries()) {
    const { part, counts } = uses[at] ?? { part: 0, counts: [] };
    const total = sumUses({ part, counts }, now, claim.windowMs);
    used.set(claim.axis, total);
    // What it would be without this use, which counts in the newest part.
    const [newest = 0, ...older] = counts;
    if (total > claim.max) throw toError(ctx, refusalOf(claim, { part, counts: [newest - claim.cost, ...older] }, now));
  }
  return used;
}

/** How things stood when they were read, before anything was locked or written. */
export interface Standing {
  uses: ReadonlyMap<string, Uses>;
  /** The phone's own refusal. */
  send?: SendRefusal | undefined;
  now: Date;
}

/** Refuses what has no room as things stand, with the longest wait of all that is full: after it there is room everywhere. */
export function requireLikelyRoom(ctx: Context, claims: readonly Claim[], { uses, send, now }: Standing): void {
  const full = claims.flatMap((claim) => {
    const used = uses.get(claim.axis) ?? { part: partAt(now, claim.windowMs), counts: [] };
    return sumUses(used, now, claim.windowMs) + claim.cost > claim.max ? [refusalOf(claim, used, now)] : [];
  });
  const longest = longestOf<Refusal>(send ? [...full, send] : full);
  if (longest) throw toError(ctx, longest);
}

/** Budgets of calls that send nothing. */
const withoutCodes: ReadonlySet<string> = new Set(['registration', 'email']);

/** `axis` is absent where it is the phone that has had enough. */
type Refusal = SendRefusal & { axis?: string };

function refusalOf({ axis, cost, max, windowMs }: Claim, uses: Uses, now: Date): Refusal {
  const retryAfterSeconds = secondsUntilRoom(uses, cost, { max, windowMs }, now);
  // How much money there is for a day is nobody's business.
  if (axis === 'money') return { axis, reason: 'CODE_SENDING_PAUSED', retryAfterSeconds };
  const policy = { name: axis, quota: Math.floor(max), windowSeconds: windowMs / 1000 };
  return { axis, reason: withoutCodes.has(axis) ? 'RATE_LIMITED' : 'CODE_BUDGET_SPENT', retryAfterSeconds, policy };
}

function toError({ metrics }: Context, refusal: Refusal): ConnectError {
  if (refusal.axis !== undefined) metrics.fullBudgets.inc({ axis: refusal.axis });
  return errors.sendRefused(refusal);
}
