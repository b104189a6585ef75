import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  BookingCancelledSchema,
  BookingConfirmedSchema,
  BookingRescheduledSchema,
  TimeBlockedSchema,
  TimeFreedSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { TimeBlockSchema } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import { insertEvents, type OutgoingEvent } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../../src/context.ts';
import { startOfTests } from './bench.ts';

const at = timestampFromDate(new Date(startOfTests));

export interface BookedFact {
  readonly salonId: string;
  readonly staffIds: readonly string[];
  readonly id?: string;
}

function toBooking({ salonId, staffIds, id = uuidv7() }: BookedFact) {
  const items = staffIds.map((staffId) => ({ staffId, startAt: at, endAt: at }));
  return create(BookingSchema, { id, salonId, items, customerNote: 'Call me', startAt: at, endAt: at });
}

/** The facts of calendars as handlers write them; bookings are not there beside them. */
export const calendarFacts = {
  confirmed(fact: BookedFact, version = 1): OutgoingEvent {
    const message = create(BookingConfirmedSchema, { booking: toBooking(fact), version: BigInt(version) });
    return toEvent(BookingConfirmedSchema, message, message.booking?.id, version);
  },
  cancelled(fact: BookedFact, version = 2): OutgoingEvent {
    const message = create(BookingCancelledSchema, { booking: toBooking(fact), version: BigInt(version) });
    return toEvent(BookingCancelledSchema, message, message.booking?.id, version);
  },
  rescheduled(fact: BookedFact, previousStaffIds: string[], version = 2): OutgoingEvent {
    const booking = toBooking(fact);
    const message = create(BookingRescheduledSchema, { booking, previousStaffIds, version: BigInt(version) });
    return toEvent(BookingRescheduledSchema, message, booking.id, version);
  },
  blocked(block: { id: string; salonId: string; staffId?: string; resourceId?: string }): OutgoingEvent {
    const timeBlock = create(TimeBlockSchema, { ...block, startAt: at, endAt: at });
    return toEvent(TimeBlockedSchema, create(TimeBlockedSchema, { timeBlock }), block.id, 1);
  },
  freed(block: { id: string; salonId: string; staffId?: string; resourceId?: string }): OutgoingEvent {
    const timeBlock = create(TimeBlockSchema, { ...block, startAt: at, endAt: at });
    return toEvent(TimeFreedSchema, create(TimeFreedSchema, { timeBlock }), block.id, 2);
  },
};

function toEvent<E extends OutgoingEvent>(
  schema: E['schema'],
  message: E['message'],
  aggregateId = '',
  aggregateVersion = 1,
): OutgoingEvent {
  return { schema, message, aggregateId, aggregateVersion };
}

/** Commits facts, as a handler does at its end. */
export async function tell(ctx: Context, ...events: OutgoingEvent[]): Promise<void> {
  await ctx.database.transaction((tx) => insertEvents(tx, events));
  ctx.relay.wake();
}
