import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertText } from '../db/messages.ts';
import { toRefundDraft } from './drafts.ts';

export function onRefundSucceeded(): Subscription {
  return on(RefundSucceededSchema, (tx, { message, time }) => insertText(tx, toRefundDraft(message, time)));
}
