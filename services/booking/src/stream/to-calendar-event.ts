import { create } from '@bufbuild/protobuf';
import {
  type CalendarEvent,
  CalendarEventKind,
  CalendarEventSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { toTimestamp } from '../messages/values.ts';
import type { CalendarFact } from './calendar-fact.ts';

const kinds = {
  booking: CalendarEventKind.BOOKING,
  time_blocked: CalendarEventKind.TIME_BLOCKED,
  time_freed: CalendarEventKind.TIME_FREED,
} as const;

export function toCalendarEvent(id: string, { change, subject, occurredAt }: CalendarFact): CalendarEvent {
  return create(CalendarEventSchema, {
    id,
    kind: kinds[change.kind],
    ...(change.kind === 'booking'
      ? { booking: change.booking, version: change.version }
      : { timeBlock: change.timeBlock }),
    fact: subject,
    occurredAt: toTimestamp(occurredAt),
  });
}

/** An event that tells of no fact. */
export function toMarkEvent(id: string, kind: 'resync' | 'position', now: Date): CalendarEvent {
  return create(CalendarEventSchema, {
    id,
    kind: kind === 'resync' ? CalendarEventKind.RESYNC : CalendarEventKind.POSITION,
    occurredAt: toTimestamp(now),
  });
}
