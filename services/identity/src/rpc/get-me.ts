import type { MethodImpl } from '@connectrpc/connect';
import type { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import type { Context } from '../context.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function getMe(ctx: Context): MethodImpl<typeof UserService.method.getMe> {
  return async (_, context) => {
    const { user } = await requireLiveUser(ctx, context);
    return toUserMessage(user);
  };
}
