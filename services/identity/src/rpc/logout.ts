import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { endOneSession } from '../sessions/end-sessions.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function logout(ctx: Context): MethodImpl<typeof AuthService.method.logout> {
  return async (_, context) => {
    const { user, sessionId } = await requireLiveUser(ctx, context);
    await ctx.database.transaction(async (tx) => {
      await endOneSession(tx, { userId: user.id, sessionId, reason: 'logout', now: ctx.clock.now() });
      await recordAudit(ctx, tx, callerOf(context), { kind: 'session_ended', outcome: 'ok', userId: user.id });
    });
    ctx.relay.wake();
    return create(EmptySchema);
  };
}
