import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  RequestPhoneCodeResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { parseChannel, toChannelMessage } from '../codes/channels.ts';
import { requestCode } from '../codes/request-code.ts';
import type { Context } from '../context.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';
import { toProfile } from '../users/to-profile.ts';

export function requestPhoneCode(ctx: Context): MethodImpl<typeof AuthService.method.requestPhoneCode> {
  return async (request, context) => {
    const phone = requirePhoneNumber(request.phoneNumber);
    const order = {
      purpose: 'auth',
      phone,
      channel: parseChannel(request.channel),
      profile: toProfile(request),
      challengeSolution: request.challengeSolution,
    } as const;
    const receipt = await requestCode(ctx, order, callerOf(context));
    return create(RequestPhoneCodeResponseSchema, {
      requestId: receipt.requestId,
      expiresAt: timestampFromDate(receipt.expiresAt),
      resendAfterSeconds: receipt.resendAfterSeconds,
      channel: toChannelMessage(receipt.channel),
    });
  };
}
