import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  ListSessionsResponseSchema,
  type SessionService,
} from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import type { Context } from '../context.ts';
import { listLiveSessions } from '../sessions/list-live-sessions.ts';
import { requireLiveUser } from '../sessions/require-live-user.ts';

export function listSessions(ctx: Context): MethodImpl<typeof SessionService.method.listSessions> {
  return async ({ pageSize, pageToken }, context) => {
    const { user, sessionId } = await requireLiveUser(ctx, context);
    const order = { userId: user.id, readerId: user.id, currentId: sessionId, pageSize, pageToken };
    return create(ListSessionsResponseSchema, await listLiveSessions(ctx, order));
  };
}
