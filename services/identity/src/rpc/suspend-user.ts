import type { MethodImpl } from '@connectrpc/connect';
import type { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import type { Context } from '../context.ts';

export function suspendUser(_ctx: Context): MethodImpl<typeof AdminService.method.suspendUser> {
  return () => {
    throw new Error('not built yet');
  };
}
