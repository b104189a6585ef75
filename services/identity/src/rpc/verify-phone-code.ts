import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  VerifyPhoneCodeResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { redeemCode } from '../codes/redeem-code.ts';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { deviceOf } from '../sessions/device-of.ts';
import { issueAccessToken } from '../sessions/issue-access-token.ts';
import { startSession } from '../sessions/start-session.ts';
import { toUserMessage } from '../users/to-user-message.ts';

export function verifyPhoneCode(ctx: Context): MethodImpl<typeof AuthService.method.verifyPhoneCode> {
  return async ({ requestId, code }, context) => {
    const caller = callerOf(context);
    const { session, refresh } = await redeemCode(ctx, {
      purpose: 'auth',
      requestId,
      code,
      caller,
      async effect(tx, { channel }, user) {
        if (user === undefined) throw errors.codeInvalid();
        return startSession(ctx, tx, { user, channel, deviceId: deviceOf(caller) });
      },
    });
    return create(VerifyPhoneCodeResponseSchema, {
      access: await issueAccessToken(ctx, session),
      refresh,
      expiresIn: ctx.config.tokens.lifetimeSeconds,
      user: toUserMessage(session.user),
    });
  };
}
