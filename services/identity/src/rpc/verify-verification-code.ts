import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  VerifyVerificationCodeResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { redeemCode } from '../codes/redeem-code.ts';
import type { Context } from '../context.ts';

export function verifyVerificationCode(ctx: Context): MethodImpl<typeof AuthService.method.verifyVerificationCode> {
  return async ({ requestId, code }, context) => {
    const phoneNumber = await redeemCode(ctx, {
      purpose: 'verify',
      requestId,
      code,
      caller: callerOf(context),
      effect: async (_, { phone_number }) => ({ value: phone_number }),
    });
    return create(VerifyVerificationCodeResponseSchema, { verified: true, phoneNumber });
  };
}
