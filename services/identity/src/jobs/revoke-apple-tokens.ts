import { type Job, startJob } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { revokeAppleTokens } from '../social/revoke-apple-tokens.ts';

export function startRevokeAppleTokens(ctx: Context): Job {
  const { logger, telemetry } = ctx;
  const run = (signal: AbortSignal) => revokeAppleTokens(ctx, signal);
  return startJob({ name: 'revoke-apple-tokens', everyMs: 60_000, logger, telemetry, run });
}
