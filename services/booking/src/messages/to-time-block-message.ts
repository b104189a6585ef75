import { create } from '@bufbuild/protobuf';
import { TimeBlockedSchema, TimeFreedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import {
  type TimeBlock as TimeBlockMessage,
  TimeBlockSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { TimeBlock } from '../domain/time-block.ts';
import { timeBlockKind } from './enums.ts';
import { toTimestamp } from './values.ts';

export function toTimeBlockMessage(block: TimeBlock): TimeBlockMessage {
  return create(TimeBlockSchema, {
    id: block.id,
    salonId: block.salonId,
    staffId: block.staffId ?? '',
    resourceId: block.resourceId ?? '',
    kind: timeBlockKind.toEnum(block.kind),
    startAt: toTimestamp(block.startAt),
    endAt: toTimestamp(block.endAt),
    reason: block.reason,
    createdBy: block.createdBy,
    createdAt: toTimestamp(block.createdAt),
  });
}

/** A block never changes: it is made, then it is gone. */
export function toBlockedEvent(block: TimeBlock): OutgoingEvent {
  const message = create(TimeBlockedSchema, { timeBlock: toTimeBlockMessage(block) });
  return { schema: TimeBlockedSchema, message, aggregateId: block.id, aggregateVersion: 1 };
}

export function toFreedEvent(block: TimeBlock): OutgoingEvent {
  const message = create(TimeFreedSchema, { timeBlock: toTimeBlockMessage(block) });
  return { schema: TimeFreedSchema, message, aggregateId: block.id, aggregateVersion: 2 };
}
