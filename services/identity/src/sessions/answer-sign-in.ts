import type { HandlerContext } from '@connectrpc/connect';
import { callHeader } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { toUserMessage } from '../users/to-user-message.ts';
import { issueAccessToken } from './issue-access-token.ts';
import type { StartedSession } from './start-session.ts';

/** The fields of every answer that signs somebody in; a device without a name of ours gets one in the answer's header. */
export async function answerSignIn(
  ctx: Context,
  context: HandlerContext,
  { session, refresh, deviceToken }: StartedSession,
) {
  if (deviceToken) context.responseHeader.set(callHeader.deviceId, deviceToken);
  return {
    ...(await issueAccessToken(ctx, session)),
    refresh,
    user: toUserMessage(session.user),
  };
}
