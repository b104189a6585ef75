import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AdminService,
  EndUserSessionsResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { endEverySession } from '../sessions/end-every-session.ts';
import { requireOperator } from '../users/require-operator.ts';

export function endUserSessions(ctx: Context): MethodImpl<typeof AdminService.method.endUserSessions> {
  return async ({ userId }, context) => {
    const { caller } = await requireOperator(ctx, context);
    const endedCount = await endEverySession(ctx, { userId, reason: 'operator', caller });
    if (endedCount === undefined) throw errors.notFound();
    return create(EndUserSessionsResponseSchema, { endedCount });
  };
}
