import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import {
  RequestPhoneChangeResponseSchema,
  type UserService,
} from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import { parseChannel, toChannelMessage } from '../codes/channels.ts';
import { requestCode } from '../codes/request-code.ts';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { requireFreshUser } from '../sessions/require-fresh-user.ts';
import { requirePhoneNumber } from '../users/require-phone-number.ts';

export function requestPhoneChange(ctx: Context): MethodImpl<typeof UserService.method.requestPhoneChange> {
  return async (request, context) => {
    const { user } = await requireFreshUser(ctx, context);
    const phone = requirePhoneNumber(request.phoneNumber);
    if (phone.e164 === user.phoneNumber) throw errors.phoneNumberUnchanged();
    const order = {
      purpose: 'change',
      phone,
      channel: parseChannel(request.channel),
      userId: user.id,
      challengeSolution: request.challengeSolution,
    } as const;
    const receipt = await requestCode(ctx, order, callerOf(context));
    return create(RequestPhoneChangeResponseSchema, {
      requestId: receipt.requestId,
      expiresAt: timestampFromDate(receipt.expiresAt),
      resendAfterSeconds: receipt.resendAfterSeconds,
      channel: toChannelMessage(receipt.channel),
    });
  };
}
