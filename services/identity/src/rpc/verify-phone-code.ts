import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  VerifyPhoneCodeResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { redeemCode } from '../codes/redeem-code.ts';
import { signInWithCode } from '../codes/sign-in-with-code.ts';
import type { Context } from '../context.ts';
import { answerSignIn } from '../sessions/answer-sign-in.ts';

export function verifyPhoneCode(ctx: Context): MethodImpl<typeof AuthService.method.verifyPhoneCode> {
  return async ({ requestId, code }, context) => {
    const caller = callerOf(context);
    const started = await redeemCode(ctx, {
      purpose: 'auth',
      requestId,
      code,
      caller,
      effect: (tx, { channel }, user) => signInWithCode(ctx, tx, { user, channel, caller }),
    });
    return create(VerifyPhoneCodeResponseSchema, await answerSignIn(ctx, context, started));
  };
}
