import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { findUser, reinstateUser as saveReinstatement } from '../db/user-states.ts';
import { errors } from '../errors.ts';
import { requireOperator } from '../users/require-operator.ts';
import { toAccountMessage } from '../users/to-account-message.ts';

export function reinstateUser(ctx: Context): MethodImpl<typeof AdminService.method.reinstateUser> {
  return async ({ userId }, context) => {
    const { caller } = await requireOperator(ctx, context);
    const user = await ctx.database.transaction(async (tx) => {
      const reinstated = await saveReinstatement(tx, userId, ctx.clock.now());
      const found = reinstated ?? (await findUser(tx, userId));
      if (found === undefined) throw errors.notFound();
      const details = { changed: String(reinstated !== undefined) };
      const { phoneNumber } = found;
      await recordAudit(ctx, tx, caller, { kind: 'user_reinstated', outcome: 'ok', userId, phoneNumber, details });
      return found;
    });
    return toAccountMessage(user);
  };
}
