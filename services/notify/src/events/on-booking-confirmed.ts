import { BookingConfirmedSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import { toConfirmedDraft } from './drafts.ts';

export function onBookingConfirmed(): Subscription {
  return on(BookingConfirmedSchema, (tx, { message, time }) => insertText(tx, toConfirmedDraft(message, time)));
}
