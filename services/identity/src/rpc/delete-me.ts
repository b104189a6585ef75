import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';
import { eraseUser } from '../users/erase-user.ts';

export function deleteMe(ctx: Context): MethodImpl<typeof UserService.method.deleteMe> {
  return async (_, context) => {
    await eraseUser(ctx, callerOf(context), await requireLiveUser(ctx, context));
    return create(EmptySchema);
  };
}
