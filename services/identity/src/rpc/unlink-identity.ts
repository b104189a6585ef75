import type { MethodImpl } from '@connectrpc/connect';
import type { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import type { Context } from '../context.ts';

export function unlinkIdentity(_ctx: Context): MethodImpl<typeof LinkedIdentityService.method.unlinkIdentity> {
  return () => {
    throw new Error('not built yet');
  };
}
