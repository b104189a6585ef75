import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { eraseContact, eraseDeadLetters, eraseMessages } from '../db/erasure.ts';

/** The person goes; that there were messages, of which kind and when, stays. Safe to repeat. */
export function onUserErased(): Subscription {
  return on(UserErasedSchema, async (tx, { message: { userId, version } }) => {
    const phone = await eraseContact(tx, userId, version);
    await eraseMessages(tx, userId, phone);
    await eraseDeadLetters(tx, userId, phone);
  });
}
