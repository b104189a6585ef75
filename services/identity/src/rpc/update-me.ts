import type { MethodImpl } from '@connectrpc/connect';
import type { UpdateMeRequest, UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { insertEvents } from '@mawid/service-kit';
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
    return toUserMessage(isEmpty ? user : await saveChange(ctx, user, change));
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

async function saveChange(ctx: Context, { id }: User, change: ProfileChange): Promise<User> {
  const work = ctx.database.transaction(async (tx) => {
    const user = await updateProfile(tx, id, change, ctx.clock.now());
    await insertEvents(tx, [userUpdated(user)]);
    return user;
  });
  const user = await work.catch((error: unknown) => {
    throw isEmailConflict(error) ? errors.emailTaken() : error;
  });
  ctx.relay.wake();
  return user;
}
