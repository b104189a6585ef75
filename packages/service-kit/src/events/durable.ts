import type { EventType } from '@mawid/contracts';
import { AckPolicy, DeliverPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { ServiceName } from '../config/core-config.ts';
import { ensureStream, isNotFound } from './streams.ts';

/**
 * How long the server waits for a sign of life before it delivers again. A consumer gives one for each event it works on,
 * three times in this span; short, so that what a killed process held is soon worked on by the next one.
 */
export const ackWaitMs = 6_000;

/** `notify__booking_booking_v1_confirmed` */
export function durableName(service: ServiceName, subject: string): string {
  return `${service}__${subject.replaceAll('.', '_')}`;
}

/** Makes the durable consumer of one subject, and its stream, where they are missing. */
export async function ensureDurable(
  jsm: JetStreamManager,
  service: ServiceName,
  { eventType, replicas }: { eventType: EventType; replicas?: number | undefined },
): Promise<string> {
  await ensureStream(jsm, { stream: eventType.stream, replicas });
  const name = durableName(service, eventType.subject);
  if (!(await hasConsumer(jsm, eventType.stream, name))) {
    await jsm.consumers.add(eventType.stream, {
      durable_name: name,
      filter_subject: eventType.subject,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: nanos(ackWaitMs),
      // Events waiting for their next try count too: a burst of failing ones must not stop the others.
      max_ack_pending: 1_000,
      max_deliver: -1,
    });
  }
  return name;
}

async function hasConsumer(jsm: JetStreamManager, stream: string, name: string): Promise<boolean> {
  try {
    await jsm.consumers.info(stream, name);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
