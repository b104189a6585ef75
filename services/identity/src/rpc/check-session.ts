import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  CheckSessionResponseSchema,
  type SessionService,
} from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import type { Context } from '../context.ts';
import { isSessionLive } from '../db/live-sessions.ts';
import { sessionMoment } from '../sessions/session-moment.ts';

export function checkSession(ctx: Context): MethodImpl<typeof SessionService.method.checkSession> {
  return async ({ userId, sessionId, sessionVersion }) => {
    const claims = { userId, sessionId, sessionVersion };
    return create(CheckSessionResponseSchema, {
      isLive: await isSessionLive(ctx.database, claims, sessionMoment(ctx)),
    });
  };
}
