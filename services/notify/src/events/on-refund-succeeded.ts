import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { on, type Subscription } from '@mawid/service-kit';

import { toRefundDraft } from './drafts.ts';
import { tellCustomer } from './tell-customer.ts';

export function onRefundSucceeded(): Subscription {
  return on(RefundSucceededSchema, (tx, { message, time }) => tellCustomer(tx, toRefundDraft(message, time)));
}
