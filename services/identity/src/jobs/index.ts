import type { Closable } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { startDeleteExpiredRows } from './delete-expired-rows.ts';
import { startDeleteOldAuditEntries } from './delete-old-audit-entries.ts';
import { startPurgeProvisionalUsers } from './purge-provisional-users.ts';
import { startRevokeAppleTokens } from './revoke-apple-tokens.ts';
import { startRotateSigningKeys } from './rotate-signing-keys.ts';
import { startWatchSpraying } from './watch-spraying.ts';

export async function startWorkers(ctx: Context): Promise<Closable[]> {
  // A key that cannot be opened must stop the start, not the first sign-in.
  await ctx.keyRing.requireSigningKey();
  return [
    startRotateSigningKeys(ctx),
    startDeleteExpiredRows(ctx),
    startPurgeProvisionalUsers(ctx),
    startDeleteOldAuditEntries(ctx),
    startRevokeAppleTokens(ctx),
    startWatchSpraying(ctx),
  ];
}
