import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { requireOperator } from '../users/require-operator.ts';
import { suspendAccount } from '../users/suspend-account.ts';
import { toAccountMessage } from '../users/to-account-message.ts';

export function suspendUser(ctx: Context): MethodImpl<typeof AdminService.method.suspendUser> {
  return async (request, context) => {
    const operator = await requireOperator(ctx, context);
    const reason = request.reason.trim();
    if (reason === '') throw errors.fieldRequired('reason');
    return toAccountMessage(await suspendAccount(ctx, operator, { userId: request.userId, reason }));
  };
}
