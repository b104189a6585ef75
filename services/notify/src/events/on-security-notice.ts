import { SecurityNoticeSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import { toNoticeDraft } from './to-notice-draft.ts';

/** Goes to the number in the fact: of a change of number, the old one hears. */
export function onSecurityNotice(): Subscription {
  return on(SecurityNoticeSchema, (tx, { message }) => insertText(tx, toNoticeDraft(message)));
}
