import type { MethodImpl } from '@connectrpc/connect';
import type { LinkedIdentityService } from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import type { Context } from '../context.ts';

export function listLinkedIdentities(
  _ctx: Context,
): MethodImpl<typeof LinkedIdentityService.method.listLinkedIdentities> {
  return () => {
    throw new Error('not built yet');
  };
}
