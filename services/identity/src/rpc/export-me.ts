import type { MethodImpl } from '@connectrpc/connect';
import type { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';
import { exportUser } from '../users/export-user.ts';

export function exportMe(ctx: Context): MethodImpl<typeof UserService.method.exportMe> {
  return async (_, context) => {
    const { user, sessionId } = await requireLiveUser(ctx, context);
    return ctx.database.transaction(async (tx) => {
      await recordAudit(ctx, tx, callerOf(context), { kind: 'data_exported', outcome: 'ok', userId: user.id });
      return exportUser(tx, { user, sessionId, now: ctx.clock.now() });
    });
  };
}
