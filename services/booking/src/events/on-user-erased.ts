import type { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { EventHandler } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { eraseCustomer, unlinkStaff } from '../db/erase-customer.ts';

/** The person goes; times, prices and what is paid stay, under an id that leads to nobody. */
export function onUserErased({ clock }: Context): EventHandler<typeof UserErasedSchema> {
  return async (tx, { message: { userId } }) => {
    const now = clock.now();
    await eraseCustomer(tx, userId, now);
    await unlinkStaff(tx, userId, now);
  };
}
