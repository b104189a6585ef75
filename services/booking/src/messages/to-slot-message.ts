import { create } from '@bufbuild/protobuf';
import { type Slot, SlotSchema } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Start } from '../domain/list-starts.ts';
import { toTimestamp } from './values.ts';

export function toSlotMessage({ at, items }: Start): Slot {
  return create(SlotSchema, {
    startAt: toTimestamp(at),
    endAt: toTimestamp(items.at(-1)?.span.to ?? at),
    staffIds: (items[0]?.free ?? []).map(({ id }) => id),
  });
}
