import { type ConsumerMessages, type JsMsg, jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { Logger } from '../logger/create-logger.ts';
import { createSleeper, jitter } from '../sleeper.ts';

export interface PullOptions {
  nats: NatsConnection;
  stream: string;
  durable: string;
  logger: Logger;
  /** How many messages are asked for at a time. */
  batch: number;
  /** Makes stream and durable (again). */
  ensure(): Promise<unknown>;
  /** Resolves when the message was taken over. */
  take(message: JsMsg): Promise<void>;
}

const lost = new Set(['consumer_deleted', 'consumer_not_found', 'stream_not_found']);

/** Pulls from one durable until closed, through restarts of the server and the loss of its data. */
export function startPull(options: PullOptions): Closable {
  const { logger, durable } = options;
  const sleeper = createSleeper();
  let messages: ConsumerMessages | undefined;
  let isClosing = false;

  async function pullOnce(): Promise<void> {
    await options.ensure();
    const consumer = await jetstream(options.nats).consumers.get(options.stream, durable);
    if (isClosing) return;
    messages = await consumer.consume({ max_messages: options.batch, expires: 5_000 });
    void restartWhenLost(messages);
    for await (const message of messages) {
      if (isClosing) message.nak();
      else await options.take(message);
    }
  }

  async function restartWhenLost(current: ConsumerMessages): Promise<void> {
    for await (const notice of current.status()) {
      if (lost.has(notice.type)) await current.close();
    }
  }

  async function run(): Promise<void> {
    while (!isClosing) {
      try {
        await pullOnce();
      } catch (error) {
        if (!isClosing) logger.warn({ err: error, durable }, 'pulling events failed, will retry');
      }
      if (!isClosing) await sleeper.sleep(jitter(500));
    }
  }

  const running = run();
  return {
    async close() {
      isClosing = true;
      sleeper.wake();
      await messages?.close();
      await running;
    },
  };
}
