import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { findUser, suspendUser } from '../db/user-states.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { endAllSessions } from '../sessions/end-sessions.ts';
import type { Operator } from './require-operator.ts';
import { requireOtherAdmin } from './require-other-admin.ts';

/** Suspends a user; one who is suspended already stays so, for the reason of the first time. */
export async function suspendAccount(
  ctx: Context,
  { user: operator, caller }: Operator,
  { userId, reason }: { userId: string; reason: string },
): Promise<User> {
  const now = ctx.clock.now();
  const refusable = { caller, kind: 'user_suspended', userId } as const;
  const user = await auditRefusals(ctx, refusable, async () => {
    if (userId === operator.id) throw errors.ownAccount();
    return ctx.database.transaction(async (tx) => {
      await requireOtherAdmin(tx, { id: userId });
      const suspended = await suspendUser(tx, { id: userId, reason, now });
      if (suspended) await endAllSessions(tx, { user: suspended, reason: 'suspended', now });
      const found = suspended ?? (await findUser(tx, userId));
      if (found === undefined) throw errors.notFound();
      const details = { changed: String(suspended !== undefined) };
      const { phoneNumber } = found;
      await recordAudit(ctx, tx, caller, {
        kind: 'user_suspended',
        outcome: 'ok',
        reason,
        userId,
        phoneNumber,
        details,
      });
      return found;
    });
  });
  ctx.relay.wake();
  return user;
}
