import {
  BookingHoldExtendedSchema,
  BookingNoShowUndoneSchema,
  BookingRescheduledSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { MovedBooking } from '../domain/advance-booking.ts';
import type { Actor, Booking } from '../domain/booking.ts';
import { toBookingEvent, toEvent } from './to-booking-event.ts';
import { toBookingMessage } from './to-booking-message.ts';
import { toTimestamp } from './values.ts';

export interface Moved extends MovedBooking {
  readonly before: Booking;
  readonly actor: Actor;
}

/** The event of a move: that of the state into which it led, but for moves that have one of their own. */
export function toMoveEvent({ booking, before, move, actor }: Moved): OutgoingEvent {
  const common = { booking: toBookingMessage(booking), version: BigInt(booking.version) };
  switch (move) {
    case 'reschedule':
      return toEvent(booking, BookingRescheduledSchema, {
        ...common,
        previousStartAt: toTimestamp(before.startAt),
        previousEndAt: toTimestamp(before.endAt),
        previousStaffIds: [...new Set(before.items.map(({ staffId }) => staffId))],
        rescheduledBy: actor.kind,
      });
    case 'undo_no_show':
      return toEvent(booking, BookingNoShowUndoneSchema, common);
    case 'extend_hold':
      return toEvent(booking, BookingHoldExtendedSchema, {
        ...common,
        paymentId: booking.holdExtension?.paymentId ?? '',
      });
    default:
      return toBookingEvent(booking);
  }
}
