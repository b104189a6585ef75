import { BookingHeldSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import { toHeldDraft } from './drafts.ts';

export function onBookingHeld(): Subscription {
  return on(BookingHeldSchema, (tx, { message }) => insertText(tx, toHeldDraft(message)));
}
