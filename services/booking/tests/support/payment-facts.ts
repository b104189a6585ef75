import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  PaymentCapturedSchema,
  PaymentFailedSchema,
  PaymentStartedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import type { EventHandler } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../../src/context.ts';
import { onPaymentCaptured } from '../../src/events/on-payment-captured.ts';
import { onPaymentFailed } from '../../src/events/on-payment-failed.ts';
import { onPaymentStarted } from '../../src/events/on-payment-started.ts';

/** What payments tells of a payment of a booking; each call is a fact of its own, and answers with the payment's id. */
export interface PaymentFacts {
  started(bookingId: string, paymentId?: string): Promise<string>;
  failed(bookingId: string, paymentId?: string): Promise<string>;
  captured(bookingId: string, payment?: { id?: string; amount?: bigint; currency?: string }): Promise<string>;
}

export function createPaymentFacts(ctx: Context): PaymentFacts {
  return {
    async started(bookingId, paymentId = uuidv7()) {
      const startedAt = timestampFromDate(ctx.clock.now());
      await handle(ctx, onPaymentStarted(ctx), [PaymentStartedSchema, { paymentId, bookingId, startedAt }]);
      return paymentId;
    },
    async failed(bookingId, paymentId = uuidv7()) {
      await handle(ctx, onPaymentFailed(ctx), [PaymentFailedSchema, { paymentId, bookingId, reason: 'expired' }]);
      return paymentId;
    },
    async captured(bookingId, { id: paymentId = uuidv7(), amount = 10_000n, currency = 'SAR' } = {}) {
      const message = { paymentId, bookingId, amount: { amount, currency } };
      await handle(ctx, onPaymentCaptured(ctx), [PaymentCapturedSchema, message]);
      return paymentId;
    },
  };
}

// As the consumer does: the handler inside a transaction.
function handle<D extends DescMessage>(
  { database }: Context,
  handler: EventHandler<D>,
  [schema, init]: [D, MessageInitShape<D>],
): Promise<void> {
  const id = uuidv7();
  const envelope = { id, subject: '', time: new Date(), aggregateId: id, aggregateVersion: 1, deliveryCount: 1 };
  return database.transaction((tx) => handler(tx, { ...envelope, message: create(schema, init) }));
}
