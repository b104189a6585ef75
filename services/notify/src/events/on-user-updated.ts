import { UserUpdatedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { keepContact } from './keep-contact.ts';

export function onUserUpdated(): Subscription {
  return on(UserUpdatedSchema, (tx, { message }) => keepContact(tx, message.contact));
}
