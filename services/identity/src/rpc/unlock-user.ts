import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { unlockPhone } from '../db/guess-budgets.ts';
import { requireOperator } from '../users/require-operator.ts';
import { requireUserById } from '../users/require-user-by-id.ts';
import { toAccountMessage } from '../users/to-account-message.ts';

export function unlockUser(ctx: Context): MethodImpl<typeof AdminService.method.unlockUser> {
  return async ({ userId }, context) => {
    const { caller } = await requireOperator(ctx, context);
    const user = await requireUserById(ctx, userId);
    const { phoneNumber } = user;
    await ctx.database.transaction(async (tx) => {
      await unlockPhone(tx, phoneNumber);
      await recordAudit(ctx, tx, caller, { kind: 'user_unlocked', outcome: 'ok', userId, phoneNumber });
    });
    return toAccountMessage(user);
  };
}
