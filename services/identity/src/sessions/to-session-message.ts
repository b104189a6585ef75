import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Session, SessionSchema } from '@mawid/contracts/gen/mawid/identity/v1/session_pb.js';
import type { ListedSession } from '../db/session-lists.ts';

/** `currentId` is the session that asks, if any. */
export function toSessionMessage(session: ListedSession, currentId: string | undefined): Session {
  return create(SessionSchema, {
    id: session.id,
    deviceId: session.givenDeviceId ?? '',
    userAgent: session.userAgent ?? '',
    address: session.address ?? '',
    amr: session.amr,
    authenticatedAt: timestampFromDate(session.authenticatedAt),
    lastUsedAt: timestampFromDate(session.lastUsedAt),
    expiresAt: timestampFromDate(session.expiresAt),
    isCurrent: session.id === currentId,
    endReason: session.endReason ?? '',
    ...(session.endedAt && { endedAt: timestampFromDate(session.endedAt) }),
  });
}
