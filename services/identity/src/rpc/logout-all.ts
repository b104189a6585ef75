import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { endEverySession } from '../sessions/end-every-session.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function logoutAll(ctx: Context): MethodImpl<typeof SessionService.method.logoutAll> {
  return async (_, context) => {
    const { user } = await requireLiveUser(ctx, context);
    await endEverySession(ctx, { userId: user.id, reason: 'logout_all', caller: callerOf(context) });
    return create(EmptySchema);
  };
}
