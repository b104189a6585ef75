import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AdminService,
  ListUserSessionsResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { recordAudit } from '../audit/record-audit.ts';
import type { Context } from '../context.ts';
import { listLiveSessions } from '../sessions/list-live-sessions.ts';
import { requireOperator } from '../users/require-operator.ts';
import { requireUserById } from '../users/require-user-by-id.ts';

export function listUserSessions(ctx: Context): MethodImpl<typeof AdminService.method.listUserSessions> {
  return async ({ userId, pageSize, pageToken }, context) => {
    const { user: operator, sessionId: currentId, caller } = await requireOperator(ctx, context);
    await requireUserById(ctx, userId);
    const page = await listLiveSessions(ctx, { userId, readerId: operator.id, currentId, pageSize, pageToken });
    const details = { what: 'sessions' };
    await recordAudit(ctx, ctx.database, caller, { kind: 'user_read', outcome: 'ok', userId, details });
    return create(ListUserSessionsResponseSchema, page);
  };
}
