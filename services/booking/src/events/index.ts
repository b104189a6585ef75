import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import {
  PaymentCapturedSchema,
  PaymentFailedSchema,
  PaymentStartedSchema,
} from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { type Consumer, on, startConsumer } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { onPaymentCaptured } from './on-payment-captured.ts';
import { onPaymentFailed } from './on-payment-failed.ts';
import { onPaymentStarted } from './on-payment-started.ts';
import { onUserErased } from './on-user-erased.ts';

export function startConsumers(ctx: Context): Promise<Consumer> {
  const { database, nats, logger, telemetry, relay, config } = ctx;
  return startConsumer({
    service: 'booking',
    subscriptions: [
      on(PaymentStartedSchema, onPaymentStarted(ctx)),
      on(PaymentFailedSchema, onPaymentFailed(ctx)),
      on(PaymentCapturedSchema, onPaymentCaptured(ctx)),
      on(UserErasedSchema, onUserErased(ctx)),
    ],
    ...{ database, nats, logger, telemetry, streamReplicas: config.core.streamReplicas },
    afterCommit: () => relay.wake(),
  });
}
