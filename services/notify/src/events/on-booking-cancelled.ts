import { BookingCancelledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';

import { toCancelledDraft } from './drafts.ts';
import { tellCustomer } from './tell-customer.ts';

export function onBookingCancelled(): Subscription {
  return on(BookingCancelledSchema, (tx, { message, time }) => tellCustomer(tx, toCancelledDraft(message, time)));
}
