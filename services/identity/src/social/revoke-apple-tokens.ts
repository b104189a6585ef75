import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { openKey } from '../crypto/sealed-key.ts';
import {
  deleteDeadRevocations,
  deleteRevocation,
  type LeasedRevocation,
  leaseRevocations,
  releaseRevocation,
} from '../db/apple-revocations.ts';
import { nextRevocationAt } from '../domain/social-revocation.ts';
import { AppleError } from './apple-client.ts';

const batch = 8;
const keptDeadMs = 90 * 24 * 3_600_000;

/** Revokes at Apple what is due. Revoking is idempotent there: an answer that was lost, or a process that died, only means once more. */
export async function revokeAppleTokens(ctx: Context, signal?: AbortSignal): Promise<void> {
  const now = ctx.clock.now();
  while (!signal?.aborted) {
    const leaseId = uuidv7();
    const leased = await leaseRevocations(ctx.database, { leaseId, now, limit: batch });
    if (leased.length === 0) break;
    await Promise.all(leased.map((revocation) => revoke(ctx, revocation, leaseId)));
  }
  await deleteDeadRevocations(ctx.database, new Date(now.getTime() - keptDeadMs));
}

async function revoke(ctx: Context, revocation: LeasedRevocation, leaseId: string): Promise<void> {
  const { id, sealedRefreshToken, clientId } = revocation;
  try {
    if (ctx.social.apple === undefined) throw new AppleError('there is no key of ours at Apple');
    await ctx.social.apple.revokeToken(openKey(sealedRefreshToken, ctx.config.appleTokenSecret, id), clientId);
  } catch (error) {
    return release(ctx, revocation, { leaseId, error });
  }
  await deleteRevocation(ctx.database, id);
  ctx.metrics.appleCalls.inc({ call: 'revoke', outcome: 'done' });
}

async function release(
  { clock, database, logger, metrics }: Context,
  { id, attempts }: LeasedRevocation,
  { leaseId, error }: { leaseId: string; error: unknown },
): Promise<void> {
  const now = clock.now();
  const nextAttemptAt = nextRevocationAt(attempts, now);
  const text = error instanceof AppleError ? error.message : 'the token cannot be opened';
  await releaseRevocation(database, { id, leaseId, nextAttemptAt, error: text, now });
  metrics.appleCalls.inc({ call: 'revoke', outcome: nextAttemptAt ? 'retried' : 'dead' });
  const details = { err: error, revocation_id: id, attempts, next_attempt_at: nextAttemptAt };
  if (nextAttemptAt) logger.warn(details, 'a token is revoked at Apple later');
  else logger.error(details, 'a token needs an operator: it could not be revoked at Apple');
}
