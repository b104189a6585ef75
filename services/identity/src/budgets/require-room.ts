import type { Queryable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { addUses } from '../db/budgets.ts';
import { secondsUntilRoom, sumUses, type Uses } from '../domain/budget.ts';
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
    if (total > claim.max) refuse(ctx, claim, { part, counts: [newest - claim.cost, ...older] }, now);
  }
  return used;
}

/** Refuses what has no room as things stand, before anything is locked or written. */
export function requireLikelyRoom(
  ctx: Context,
  claims: readonly Claim[],
  standing: ReadonlyMap<string, Uses>,
  now: Date,
): void {
  for (const claim of claims) {
    const uses = standing.get(claim.axis);
    if (uses && sumUses(uses, now, claim.windowMs) + claim.cost > claim.max) refuse(ctx, claim, uses, now);
    if (claim.cost > claim.max) refuse(ctx, claim, { part: 0, counts: [] }, now);
  }
}

function refuse({ metrics }: Context, { axis, cost, max, windowMs }: Claim, uses: Uses, now: Date): never {
  metrics.fullBudgets.inc({ axis });
  const retryAfterSeconds = secondsUntilRoom(uses, cost, { max, windowMs }, now);
  if (axis === 'money') throw errors.codeSendingPaused(retryAfterSeconds);
  const policy = { name: axis, quota: Math.floor(max), windowSeconds: windowMs / 1000 };
  if (axis === 'registration') throw errors.rateLimited(retryAfterSeconds, policy);
  throw errors.sendRefused({ reason: 'CODE_BUDGET_SPENT', retryAfterSeconds, policy });
}
