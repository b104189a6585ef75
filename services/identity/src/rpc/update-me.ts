import type { MethodImpl } from '@connectrpc/connect';
import type { UpdateMeRequest, UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { type Caller, callerOf, insertEvents } from '@mawid/service-kit';
import { auditRefusals } from '../audit/audit-refusals.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { requireEmailChange } from '../budgets/require-email-change.ts';
import type { Context } from '../context.ts';
import { isEmailConflict, type ProfileChange, updateProfile } from '../db/users.ts';
import type { User } from '../domain/user.ts';
import { errors } from '../errors.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';
import { toUserMessage } from '../users/to-user-message.ts';
import { userUpdated } from '../users/user-events.ts';

export function updateMe(ctx: Context): MethodImpl<typeof UserService.method.updateMe> {
  return async (request, context) => {
    const { user } = await requireLiveUser(ctx, context);
    const change = toChange(request);
    const isEmpty = Object.values(change).every((value) => value === undefined);
    if (change.email && change.email !== user.email) await requireEmailChange(ctx, user.id, ctx.clock.now());
    return toUserMessage(isEmpty ? user : await saveChange(ctx, callerOf(context), { user, change }));
  };
}

function toChange(request: UpdateMeRequest): ProfileChange {
  return {
    email: request.email?.trim(),
    firstName: request.firstName?.trim(),
    lastName: request.lastName?.trim(),
    preferredLanguage: request.preferredLanguage,
  };
}

const fieldNames: Record<string, string> = {
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  preferredLanguage: 'preferred_language',
};

interface ChangeOrder {
  user: User;
  change: ProfileChange;
}

async function saveChange(ctx: Context, caller: Caller, { user: { id }, change }: ChangeOrder): Promise<User> {
  // Which fields, never what is in them.
  const fields = Object.entries(change).flatMap(([field, value]) => (value === undefined ? [] : [fieldNames[field]]));
  const audit = { kind: 'profile_changed', userId: id, details: { fields: fields.join(',') } } as const;
  const user = await auditRefusals(ctx, { ...audit, caller }, () =>
    ctx.database
      .transaction(async (tx) => {
        const changed = await updateProfile(tx, id, change, ctx.clock.now());
        if (changed === undefined) throw errors.unauthenticated();
        await insertEvents(tx, [userUpdated(changed)]);
        await recordAudit(ctx, tx, caller, { ...audit, outcome: 'ok' });
        return changed;
      })
      .catch((error: unknown) => {
        throw isEmailConflict(error) ? errors.emailTaken() : error;
      }),
  );
  ctx.relay.wake();
  return user;
}
