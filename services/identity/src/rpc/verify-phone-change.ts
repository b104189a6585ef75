import type { MethodImpl } from '@connectrpc/connect';
import type { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import type { Context } from '../context.ts';

export function verifyPhoneChange(_ctx: Context): MethodImpl<typeof UserService.method.verifyPhoneChange> {
  return () => {
    throw new Error('not built yet');
  };
}
