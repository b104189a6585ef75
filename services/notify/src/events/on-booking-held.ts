import { BookingHeldSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';

import { toHeldDraft } from './drafts.ts';
import { tellCustomer } from './tell-customer.ts';

export function onBookingHeld(): Subscription {
  return on(BookingHeldSchema, (tx, { message }) => tellCustomer(tx, toHeldDraft(message)));
}
