import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type LinkedIdentityService,
  ListLinkedIdentitiesResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/linked_identity_service_pb.js';
import type { Context } from '../context.ts';
import { listIdentities } from '../db/identities.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';
import { toLinkedIdentity } from '../social/to-linked-identity.ts';

export function listLinkedIdentities(
  ctx: Context,
): MethodImpl<typeof LinkedIdentityService.method.listLinkedIdentities> {
  return async (_, context) => {
    const { user } = await requireLiveUser(ctx, context);
    const identities = await listIdentities(ctx.database, user.id);
    return create(ListLinkedIdentitiesResponseSchema, { identities: identities.map(toLinkedIdentity) });
  };
}
