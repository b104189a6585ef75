import { BookingCancelledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import { toCancelledDraft } from './drafts.ts';

export function onBookingCancelled(): Subscription {
  return on(BookingCancelledSchema, (tx, { message, time }) => insertText(tx, toCancelledDraft(message, time)));
}
