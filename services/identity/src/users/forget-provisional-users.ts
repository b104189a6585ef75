import { insertEvents, type Transaction } from '@mawid/service-kit';
import { recordSystemAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import type { User } from '../domain/user.ts';
import { userErased } from './user-events.ts';

/** Tells of provisional users who have just been deleted: the log, and the other services where they may have heard of one. */
export async function forgetProvisionalUsers(
  ctx: Context,
  tx: Transaction,
  { users, reason }: { users: readonly User[]; reason: 'never_verified' | 'number_taken_over' },
): Promise<void> {
  const now = ctx.clock.now();
  // A first version was never published: only an operator's change of role is a fact about somebody who has not verified.
  const published = users.filter(({ version }) => version > 1);
  await insertEvents(
    tx,
    published.map((user) => userErased(user, now)),
  );
  for (const { id } of users) {
    await recordSystemAudit(ctx, tx, { kind: 'user_purged', outcome: 'ok', reason, userId: id });
  }
}
