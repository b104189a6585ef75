import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { endOwnSession } from '../sessions/end-own-session.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function endSession(ctx: Context): MethodImpl<typeof SessionService.method.endSession> {
  return async ({ sessionId }, context) => {
    const { user } = await requireLiveUser(ctx, context);
    const end = { userId: user.id, sessionId, reason: 'revoked', caller: callerOf(context) } as const;
    if (!(await endOwnSession(ctx, end))) throw errors.notFound();
    return create(EmptySchema);
  };
}
