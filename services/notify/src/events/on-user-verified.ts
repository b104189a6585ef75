import { UserVerifiedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { keepContact } from './keep-contact.ts';

export function onUserVerified(): Subscription {
  return on(UserVerifiedSchema, (tx, { message }) => keepContact(tx, message.contact));
}
