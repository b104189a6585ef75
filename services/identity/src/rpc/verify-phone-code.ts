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
import { answerSignIn } from '../sessions/answer-sign-in.ts';
import { startSession } from '../sessions/start-session.ts';

export function verifyPhoneCode(ctx: Context): MethodImpl<typeof AuthService.method.verifyPhoneCode> {
  return async ({ requestId, code }, context) => {
    const caller = callerOf(context);
    const started = await redeemCode(ctx, {
      purpose: 'auth',
      requestId,
      code,
      caller,
      async effect(tx, { channel }, user) {
        if (user === undefined) throw errors.codeInvalid();
        // RFC 8176 has a word for text messages, and none for WhatsApp.
        const amr = channel === 'sms' ? ['otp', 'sms'] : ['otp'];
        return startSession(ctx, tx, { user, amr, caller });
      },
    });
    return create(VerifyPhoneCodeResponseSchema, await answerSignIn(ctx, context, started));
  };
}
