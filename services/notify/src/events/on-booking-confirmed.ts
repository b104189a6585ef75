import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { BookingSource } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { toConfirmedDraft } from './drafts.ts';
import { tellCustomer } from './tell-customer.ts';

/** Who walked in is there already, and needs no word of it. */
export function onBookingConfirmed(): Subscription {
  return on(BookingConfirmedSchema, async (tx, { message, time }) => {
    if (message.booking?.source === BookingSource.WALK_IN) return;
    await tellCustomer(tx, toConfirmedDraft(message, time));
  });
}
