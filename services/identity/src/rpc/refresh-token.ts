import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AuthService,
  RefreshTokenResponseSchema,
} from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { issueAccessToken } from '../sessions/issue-access-token.ts';
import { refreshSession } from '../sessions/refresh-session.ts';

export function refreshToken(ctx: Context): MethodImpl<typeof AuthService.method.refreshToken> {
  return async (request, context) => {
    const token = request.refresh.trim();
    if (token === '') throw errors.fieldRequired('refresh');
    const refreshed = await refreshSession(ctx, token, callerOf(context));
    if (refreshed === undefined) throw errors.refreshTokenInvalid();
    return create(RefreshTokenResponseSchema, {
      ...(await issueAccessToken(ctx, refreshed.session)),
      refresh: refreshed.refresh,
    });
  };
}
