import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AdminService,
  RotateSigningKeyResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { rotateEarly } from '../keys/rotate-early.ts';

export function rotateSigningKey(ctx: Context): MethodImpl<typeof AdminService.method.rotateSigningKey> {
  return async ({ isCompromised }, context) => {
    const { kid, activeFrom } = await rotateEarly(ctx, callerOf(context), isCompromised);
    ctx.logger.warn({ kid, is_compromised: isCompromised }, 'an operator rotated the signing key');
    return create(RotateSigningKeyResponseSchema, { kid, activeFrom: timestampFromDate(activeFrom) });
  };
}
