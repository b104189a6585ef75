import { fromBinary } from '@bufbuild/protobuf';
import type { JsMsg } from '@nats-io/jetstream';
import { context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logger/create-logger.ts';
import { observe, secondsSince } from '../telemetry/instruments.ts';
import { attribute } from '../telemetry/names.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { contextFrom, linksTo } from '../telemetry/trace-context.ts';
import { insertDeadLetter } from './dead-letters.ts';
import { type EventEnvelope, parseHeaders } from './headers.ts';
import { insertInbox } from './inbox.ts';
import { delayAfter, type RetryPolicy } from './retry-policy.ts';
import type { ReceivedEvent, Subscription } from './subscription.ts';

export interface Processing {
  database: Database;
  logger: Logger;
  telemetry: Telemetry;
  retry: RetryPolicy;
  durable: string;
  subscription: Subscription;
  afterCommit?: (() => void) | undefined;
}

type Outcome = 'done' | 'duplicate' | 'retry' | 'dead' | 'error';

/** A delivery this much younger than its event continues the event's trace; later ones start their own, with a link. */
const sameTraceMs = 5 * 60_000;

/** Handles one delivery from its first byte to its ack, nak or term. Never throws. */
export async function processEvent(processing: Processing, message: JsMsg): Promise<void> {
  const { telemetry, durable } = processing;
  const { subject } = processing.subscription.eventType;
  const envelope = parseHeaders(message.subject, message.headers);
  const span = startSpan(telemetry, message, { envelope, durable });
  const startedAt = performance.now();
  const outcome = await context.with(trace.setSpan(ROOT_CONTEXT, span), () => decide(processing, message, envelope));
  if (outcome !== 'done' && outcome !== 'duplicate') span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  const labels = { messaging_destination_name: subject, outcome };
  telemetry.instruments.consumed.inc(labels);
  observe(telemetry.instruments.process, labels, { seconds: secondsSince(startedAt), span });
}

async function decide(processing: Processing, message: JsMsg, envelope: EventEnvelope | undefined): Promise<Outcome> {
  const event = toEvent(processing, message, envelope);
  if (event instanceof Error) return park(processing, message, { envelope, error: event });
  try {
    const isNew = await handle(processing, event);
    message.ack();
    if (isNew) processing.afterCommit?.();
    return isNew ? 'done' : 'duplicate';
  } catch (error) {
    return retryOrPark(processing, message, { envelope: event, error });
  }
}

function toEvent(
  { subscription }: Processing,
  message: JsMsg,
  envelope: EventEnvelope | undefined,
): ReceivedEvent | Error {
  if (!envelope) return new Error('the message carries no event id');
  try {
    const decoded = fromBinary(subscription.eventType.schema, message.data);
    return { ...envelope, message: decoded, deliveryCount: message.info.deliveryCount };
  } catch (error) {
    return new Error(`the payload is no ${subscription.eventType.schema.typeName}`, { cause: error });
  }
}

function handle({ database, subscription }: Processing, event: ReceivedEvent): Promise<boolean> {
  return database.transaction(async (tx) => {
    const isNew = await insertInbox(tx, event);
    if (isNew) await subscription.handle(tx, event);
    return isNew;
  });
}

interface Failure {
  envelope: EventEnvelope | undefined;
  error: unknown;
}

function retryOrPark(processing: Processing, message: JsMsg, failure: Failure): Promise<Outcome> | Outcome {
  const { retry, logger, durable } = processing;
  const { deliveryCount } = message.info;
  if (deliveryCount >= retry.maxDeliveries) return park(processing, message, failure);
  const delayMs = delayAfter(retry, deliveryCount);
  const details = {
    err: failure.error,
    durable,
    event_id: failure.envelope?.id,
    delivery: deliveryCount,
    delay_ms: delayMs,
  };
  logger.warn(details, 'handling an event failed, will retry');
  message.nak(delayMs);
  return 'retry';
}

// When even parking fails (the database is away) the message comes again: nothing is lost.
async function park(processing: Processing, message: JsMsg, { envelope, error }: Failure): Promise<Outcome> {
  const { database, logger, durable, telemetry, retry } = processing;
  const parked = {
    envelope: envelope ?? unknownEnvelope(message),
    payload: message.data,
    deliveries: message.info.deliveryCount,
    error: describe(error),
  };
  try {
    await insertDeadLetter(database, parked);
  } catch (failure) {
    logger.error({ err: failure, durable, event_id: parked.envelope.id }, 'parking a dead letter failed, will retry');
    message.nak(delayAfter(retry, message.info.deliveryCount));
    return 'error';
  }
  message.term();
  telemetry.instruments.deadLetters.inc({ messaging_destination_name: message.subject });
  logger.error({ err: error, durable, event_id: parked.envelope.id }, 'an event became a dead letter');
  return 'dead';
}

function unknownEnvelope(message: JsMsg): EventEnvelope {
  return { id: uuidv7(), subject: message.subject, time: message.time, aggregateId: '', aggregateVersion: 0 };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? `${error.name}: ${error.message}`
    : `${error.name}: ${error.message}; ${String(error.cause)}`;
}

function startSpan(
  telemetry: Telemetry,
  message: JsMsg,
  { envelope, durable }: { envelope: EventEnvelope | undefined; durable: string },
): Span {
  const isFresh = envelope !== undefined && Date.now() - envelope.time.getTime() < sameTraceMs;
  const options = {
    kind: SpanKind.CONSUMER,
    links: linksTo(envelope ? [envelope] : []),
    attributes: {
      [attribute.messagingSystem]: 'nats',
      [attribute.messagingOperation]: 'process',
      [attribute.messagingOperationType]: 'process',
      [attribute.messagingDestination]: message.subject,
      [attribute.messagingGroup]: durable,
      [attribute.messagingDeliveryCount]: message.info.deliveryCount,
      ...(envelope ? { [attribute.messagingMessageId]: envelope.id } : {}),
    },
  };
  return telemetry.tracer.startSpan(
    `process ${message.subject}`,
    options,
    isFresh ? contextFrom(envelope) : ROOT_CONTEXT,
  );
}
