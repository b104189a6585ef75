import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import type { Context } from '../context.ts';
import { endSession } from '../db/sessions.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function logout(ctx: Context): MethodImpl<typeof AuthService.method.logout> {
  return async (_, context) => {
    const { sessionId } = await requireLiveUser(ctx, context);
    await endSession(ctx.database, sessionId, 'logout', ctx.clock.now());
    return create(EmptySchema);
  };
}
