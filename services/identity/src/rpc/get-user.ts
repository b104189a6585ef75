import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { requireOperator } from '../users/require-operator.ts';
import { requireUserById } from '../users/require-user-by-id.ts';
import { toAccountMessage } from '../users/to-account-message.ts';

export function getUser(ctx: Context): MethodImpl<typeof AdminService.method.getUser> {
  return async ({ userId }, context) => {
    const { caller } = await requireOperator(ctx, context);
    const user = await requireUserById(ctx, userId);
    await recordAudit(ctx, ctx.database, caller, { kind: 'user_read', outcome: 'ok', userId });
    return toAccountMessage(user);
  };
}
