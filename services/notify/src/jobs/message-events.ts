import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { MessageFailedSchema, MessageSentSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import { insertEvents, type Queryable } from '@mawid/service-kit';
import type { ClaimedRow } from '../db/rows.ts';

/** A message has one fact about it: its end. */
const onlyVersion = 1;

export function insertSentEvent(
  tx: Queryable,
  { id, kind, channel, referenceId }: ClaimedRow,
  { provider, sentAt }: { provider: string; sentAt: Date },
): Promise<void> {
  const message = create(MessageSentSchema, {
    ...{ messageId: id, kind, channel, provider, referenceId },
    sentAt: timestampFromDate(sentAt),
  });
  return insertEvents(tx, [{ schema: MessageSentSchema, message, aggregateId: id, aggregateVersion: onlyVersion }]);
}

export function insertFailedEvent(
  tx: Queryable,
  { id, kind, referenceId }: ClaimedRow,
  { reason, isOutcomeUnknown }: { reason: string; isOutcomeUnknown: boolean },
): Promise<void> {
  const fields = { messageId: id, kind, referenceId, reason, outcomeUnknown: isOutcomeUnknown };
  const message = create(MessageFailedSchema, fields);
  return insertEvents(tx, [{ schema: MessageFailedSchema, message, aggregateId: id, aggregateVersion: onlyVersion }]);
}
