import { MessageFailedSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import { type Consumer, on, startConsumer } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { onMessageFailed } from './on-message-failed.ts';

export function startConsumers(ctx: Context): Promise<Consumer> {
  const { database, nats, logger, telemetry, relay, config } = ctx;
  return startConsumer({
    service: 'identity',
    subscriptions: [on(MessageFailedSchema, onMessageFailed(ctx))],
    ...{ database, nats, logger, telemetry, streamReplicas: config.core.streamReplicas },
    afterCommit: () => relay.wake(),
  });
}
