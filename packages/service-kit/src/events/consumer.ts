import { type JetStreamManager, type JsMsg, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { ServiceName } from '../config/core-config.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logger/create-logger.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import { ackWaitMs, durableName, ensureDurable } from './durable.ts';
import { eventHeader } from './headers.ts';
import { createKeyedQueue, type KeyedQueue } from './keyed-queue.ts';
import { processEvent } from './process-event.ts';
import { startPull } from './pull.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import type { Subscription } from './subscription.ts';

export interface ConsumerOptions {
  service: ServiceName;
  database: Database;
  nats: NatsConnection;
  subscriptions: readonly Subscription[];
  logger: Logger;
  telemetry: Telemetry;
  /** Called after each commit of a handler; wakes the relay when handlers write events. */
  afterCommit?: (() => void) | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  /** Events handled at one time in this process. */
  concurrency?: number | undefined;
  streamReplicas?: number | undefined;
}

export interface Consumer extends Closable {
  /** True when nothing is waiting, in flight or to be retried in any of the durables. */
  settled(): Promise<boolean>;
  /** Stops pulling, finishes what is in flight. */
  close(): Promise<void>;
}

/**
 * Starts handling events: one durable per subject, each event's inbox row and effects in one transaction, the ack after
 * it. Events of one aggregate are handled one at a time here. Resolves when every durable exists.
 */
export async function startConsumer(options: ConsumerOptions): Promise<Consumer> {
  assertOneHandlerEach(options.subscriptions);
  const jsm = await jetstreamManager(options.nats, { checkAPI: false, timeout: 5_000 });
  const queue = createKeyedQueue(options.concurrency ?? 4);
  const inFlight = new Set<JsMsg>();
  // The server is told that a slow handler is still at work, so that it does not deliver again.
  const heartbeat = setInterval(() => inFlight.forEach((message) => void message.working()), ackWaitMs / 3).unref();
  await Promise.all(options.subscriptions.map((each) => ensure(jsm, options, each)));
  watchDeadLetters(options);
  const pulls = options.subscriptions.map((each) => pull(jsm, options, { subscription: each, queue, inFlight }));
  return {
    async settled() {
      const states = await Promise.all(options.subscriptions.map((each) => isDrained(jsm, options.service, each)));
      return states.every(Boolean);
    },
    async close() {
      await Promise.all(pulls.map((each) => each.close()));
      await queue.idle();
      clearInterval(heartbeat);
    },
  };
}

interface PullState {
  subscription: Subscription;
  queue: KeyedQueue;
  inFlight: Set<JsMsg>;
}

function pull(jsm: JetStreamManager, options: ConsumerOptions, { subscription, queue, inFlight }: PullState): Closable {
  const { stream, subject } = subscription.eventType;
  const durable = durableName(options.service, subject);
  const retry = { ...defaultRetryPolicy, ...options.retry };
  const processing = { ...options, retry, durable, subscription };
  return startPull({
    nats: options.nats,
    logger: options.logger,
    stream,
    durable,
    batch: Math.max(options.concurrency ?? 4, 4),
    ensure: () => ensure(jsm, options, subscription),
    async take(message) {
      inFlight.add(message);
      await queue.room();
      queue.run(message.headers?.get(eventHeader.aggregateId) || message.subject, async () => {
        await processEvent(processing, message);
        inFlight.delete(message);
      });
    },
  });
}

function ensure(jsm: JetStreamManager, { service, streamReplicas }: ConsumerOptions, { eventType }: Subscription) {
  return ensureDurable(jsm, service, { eventType, replicas: streamReplicas });
}

async function isDrained(jsm: JetStreamManager, service: ServiceName, { eventType }: Subscription): Promise<boolean> {
  const info = await jsm.consumers.info(eventType.stream, durableName(service, eventType.subject));
  return info.num_pending + info.num_ack_pending === 0;
}

function assertOneHandlerEach(subscriptions: readonly Subscription[]): void {
  const subjects = subscriptions.map((each) => each.eventType.subject);
  const twice = subjects.find((subject, index) => subjects.indexOf(subject) !== index);
  if (twice) throw new Error(`${twice} has two handlers`);
}

function watchDeadLetters({ database, telemetry }: ConsumerOptions): void {
  const { deadLettersWaiting } = telemetry.instruments;
  const statement = {
    name: 'dead_letters.count',
    text: 'SELECT count(*)::int AS waiting FROM dead_letters WHERE replayed_at IS NULL',
  };
  const collect = async () => {
    const result = await database.query<{ waiting: number }>(statement).catch(() => undefined);
    if (result?.rows[0]) deadLettersWaiting.set(result.rows[0].waiting);
  };
  Object.assign(deadLettersWaiting, { collect });
}
