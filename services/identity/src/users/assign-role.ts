import { type Caller, insertEvents } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { saveRole } from '../db/users.ts';
import type { Role, User } from '../domain/user.ts';
import { endAllSessions } from '../sessions/end-sessions.ts';
import { requireOtherAdmin } from './require-other-admin.ts';
import { userUpdated } from './user-events.ts';

export interface RoleOrder {
  phoneNumber: string;
  role: Role;
  firstName: string;
  lastName: string;
}

/** Gives a role to a phone's user, who is made where there is none. Sessions of another role end: they live too long, or too short. */
export async function assignRole(ctx: Context, caller: Caller, order: RoleOrder): Promise<User> {
  const { phoneNumber, role } = order;
  const now = ctx.clock.now();
  const refusable = { caller, kind: 'role_changed', phoneNumber, details: { role } } as const;
  const user = await auditRefusals(ctx, refusable, () =>
    ctx.database.transaction(async (tx) => {
      if (role !== 'admin') await requireOtherAdmin(tx, { phoneNumber });
      const saved = await saveRole(tx, { ...order, id: uuidv7(), now });
      if (saved.hasChanged) {
        await endAllSessions(tx, { user: saved.user, reason: 'role_change', now });
        await insertEvents(tx, [userUpdated(saved.user)]);
      }
      const details = { role, former_role: saved.formerRole ?? 'none' };
      await recordAudit(ctx, tx, caller, {
        ...{ kind: 'role_changed', outcome: 'ok', userId: saved.user.id, phoneNumber, details },
      });
      return saved.user;
    }),
  );
  ctx.relay.wake();
  return user;
}
