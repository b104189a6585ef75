import type { MethodImpl } from '@connectrpc/connect';
import type { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { redeemCode } from '../codes/redeem-code.ts';
import type { Context } from '../context.ts';
import { requireFreshUser } from '../sessions/require-fresh-user.ts';
import { changePhone } from '../users/change-phone.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function verifyPhoneChange(ctx: Context): MethodImpl<typeof UserService.method.verifyPhoneChange> {
  return async ({ requestId, code, keepOtherSessions: keepsOthers }, context) => {
    const { user, sessionId } = await requireFreshUser(ctx, context);
    const caller = callerOf(context);
    const changed = await redeemCode(ctx, {
      ...{ purpose: 'change', requestId, code, caller, userId: user.id },
      effect: (tx, { phone_number: phoneNumber }) =>
        changePhone(ctx, tx, { user, sessionId, caller, phoneNumber, keepsOthers }),
    });
    return toUserMessage(changed);
  };
}
