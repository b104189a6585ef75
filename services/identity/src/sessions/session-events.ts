import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { SessionEndedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { EndReason } from '../db/sessions.ts';

export interface SessionEnd {
  userId: string;
  reason: EndReason | 'erased';
  now: Date;
}

/** The access tokens of one session are dead. */
export function sessionEnded({ userId, sessionId, reason, now }: SessionEnd & { sessionId: string }): OutgoingEvent {
  const message = create(SessionEndedSchema, { userId, sessionId, reason, endedAt: timestampFromDate(now) });
  return { schema: SessionEndedSchema, message, aggregateId: sessionId, aggregateVersion: 1 };
}

/** All access tokens of a user with a smaller session version are dead. */
export function sessionsEnded({
  userId,
  sessionVersion,
  reason,
  now,
}: SessionEnd & { sessionVersion: number }): OutgoingEvent {
  const message = create(SessionEndedSchema, { userId, sessionVersion, reason, endedAt: timestampFromDate(now) });
  return { schema: SessionEndedSchema, message, aggregateId: userId, aggregateVersion: sessionVersion };
}
