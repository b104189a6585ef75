import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { eraseCustomer } from '../db/erase-customer.ts';

/** The person goes; the money stays, under an id that leads to nobody. */
export function onUserErased({ clock }: Context): Subscription {
  return on(UserErasedSchema, (tx, { message: { userId } }) => eraseCustomer(tx, userId, clock.now()));
}
