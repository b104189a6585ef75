import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { endOwnSession } from '../sessions/end-own-session.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function logout(ctx: Context): MethodImpl<typeof AuthService.method.logout> {
  return async (_, context) => {
    const { user, sessionId } = await requireLiveUser(ctx, context);
    await endOwnSession(ctx, { userId: user.id, sessionId, reason: 'logout', caller: callerOf(context) });
    return create(EmptySchema);
  };
}
