import { insertEvents } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { saveRole } from '../db/users.ts';
import type { Role, User } from '../domain/user.ts';
import { endAllSessions } from '../sessions/end-sessions.ts';
import { userUpdated } from './user-events.ts';

export interface RoleOrder {
  phoneNumber: string;
  role: Role;
  firstName: string;
  lastName: string;
}

/** Gives a role to a phone's user, who is made where there is none. Sessions of another role end: they live too long, or too short. */
export async function assignRole(ctx: Context, order: RoleOrder): Promise<User> {
  const now = ctx.clock.now();
  const user = await ctx.database.transaction(async (tx) => {
    const saved = await saveRole(tx, { ...order, id: uuidv7(), now });
    if (saved.hasChanged) {
      await endAllSessions(tx, { user: saved.user, reason: 'role_change', now });
      await insertEvents(tx, [userUpdated(saved.user)]);
    }
    return saved.user;
  });
  ctx.relay.wake();
  return user;
}
