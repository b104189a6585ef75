import { type Caller, insertEvents, type Transaction } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { auditRefusals } from '../audit/audit-refusals.ts';
import type { Context } from '../context.ts';
import { insertAuditEntry } from '../db/audit-log.ts';
import { blankAuditLines, deleteCodesOfUser } from '../db/personal-traces.ts';
import { deleteUser } from '../db/user-states.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { lockLiveUser } from '../sessions/lock-live-user.ts';
import { sessionsEnded } from '../sessions/session-events.ts';
import { queueAppleRevocations } from '../social/queue-apple-revocations.ts';
import { requireOtherAdmin } from './require-other-admin.ts';
import { securityNotice } from './security-notice.ts';
import { userErased } from './user-events.ts';

interface LiveUser {
  user: User;
  sessionId: string;
}

/** Erases a person: whatever tells of them is gone with the commit, here and, by the fact of it, in the other services. */
export async function eraseUser(ctx: Context, caller: Caller, live: LiveUser): Promise<void> {
  const erasure = { ...live, now: ctx.clock.now() };
  await auditRefusals(ctx, { caller, kind: 'user_erased', userId: live.user.id }, () =>
    // Two who have done something to each other share lines of the log, and may wait for each other there.
    ctx.database.transaction((tx) => eraseInTransaction(tx, erasure), { retries: 3 }),
  );
  ctx.relay.wake();
}

async function eraseInTransaction(tx: Transaction, { now, ...live }: LiveUser & { now: Date }): Promise<void> {
  const { user } = live;
  await deleteCodesOfUser(tx, user.id, user.phoneNumber);
  const erased = await deletePerson(tx, live);
  await insertEvents(tx, [
    userErased(erased, now),
    sessionsEnded({ userId: user.id, sessionVersion: erased.sessionVersion + 1, reason: 'erased', now }),
    securityNotice({ kind: 'account_erased', user: erased, now }),
  ]);
  await blankAuditLines(tx, erased);
  await insertAuditEntry(tx, {
    ...{ id: uuidv7(), at: now, kind: 'user_erased', outcome: 'ok', userId: user.id, traceId: undefined },
    actor: { kind: 'user', id: user.id },
  });
}

/** As they were. Of two who erase one account at once, the second is nobody. */
async function deletePerson(tx: Transaction, { user, sessionId }: LiveUser): Promise<User> {
  if (user.role === 'admin') await requireOtherAdmin(tx, { id: user.id });
  await lockLiveUser(tx, { userId: user.id, sessionId });
  await queueAppleRevocations(tx, user.id);
  const erased = await deleteUser(tx, user.id);
  if (erased === undefined) throw errors.unauthenticated();
  return erased;
}
