import { randomUUID } from 'node:crypto';
import type { Faults } from '../shared/faults.ts';
import { attemptDelivery } from './attempt-delivery.ts';
import type { Books } from './books.ts';
import type { MoyasarStandinOptions } from './config.ts';
import { nextWaitMs } from './domain/retry-ladder.ts';
import type { Delivery, Payment, StoredWebhook } from './types.ts';

export const webhookModes = ['webhook_off', 'webhook_twice', 'webhook_shuffled'] as const;

const defaultShuffleWindowMs = 1_000;

export interface Webhooks {
  /** Sends the event to every webhook that wants it, retrying by the ladder. */
  publish(type: string, data: Payment): void;
  /** Takes up deliveries that an earlier run left pending. */
  resume(): void;
  /** Forgets what waits; running attempts are cut off. */
  reset(): void;
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly books: Books;
  readonly faults: Faults;
  readonly options: MoyasarStandinOptions;
}

interface Courier extends WebhookOptions {
  readonly timers: Set<NodeJS.Timeout>;
  readonly running: Set<Promise<void>>;
  readonly held: Delivery[];
  stopping: AbortController;
}

export function createWebhooks(input: WebhookOptions): Webhooks {
  const courier: Courier = {
    ...input,
    timers: new Set(),
    running: new Set(),
    held: [],
    stopping: new AbortController(),
  };
  return {
    publish(type, data) {
      for (const row of input.books.webhooks.list()) {
        if (row.webhook.events.includes(type)) dispatch(courier, toDelivery(courier, row, { type, data }));
      }
    },
    resume() {
      const pending = input.books.deliveries.list().filter(({ state }) => state === 'pending');
      for (const delivery of pending) schedule(courier, delivery);
    },
    reset() {
      for (const timer of courier.timers) clearTimeout(timer);
      courier.timers.clear();
      courier.held.length = 0;
      courier.stopping.abort();
      courier.stopping = new AbortController();
    },
    async close() {
      this.reset();
      await Promise.all(courier.running);
    },
  };
}

function toDelivery(courier: Courier, row: StoredWebhook, event: { type: string; data: Payment }): Delivery {
  const now = courier.options.now().toISOString();
  return courier.books.deliveries.put({
    id: randomUUID(),
    webhook_id: row.id,
    event: {
      id: randomUUID(),
      type: event.type,
      created_at: now,
      secret_token: row.sharedSecret,
      account_name: courier.options.accountName,
      live: false,
      data: event.data,
    },
    state: 'pending',
    retry_number: 0,
    due_at: now,
  });
}

function dispatch(courier: Courier, delivery: Delivery): void {
  const fault = courier.faults.take(webhookModes);
  if (fault?.mode === 'webhook_off') {
    end(courier, delivery, 'dropped');
  } else if (fault?.mode === 'webhook_shuffled') {
    hold(courier, delivery, fault.ms ?? defaultShuffleWindowMs);
  } else {
    attempt(courier, delivery);
    if (fault?.mode === 'webhook_twice') track(courier, attemptDelivery(courier, delivery, courier.stopping.signal));
  }
}

/** Collects the events of a while and then sends them last first, each after the one before it was answered. */
function hold(courier: Courier, delivery: Delivery, windowMs: number): void {
  courier.held.push(delivery);
  if (courier.held.length > 1) return;
  later(courier, windowMs, () => {
    const batch = courier.held.splice(0).reverse();
    track(
      courier,
      batch.reduce((before, next) => before.then(() => attemptOnce(courier, next)), Promise.resolve()),
    );
  });
}

function schedule(courier: Courier, delivery: Delivery): void {
  const waitMs = Date.parse(delivery.due_at) - courier.options.now().getTime();
  later(courier, Math.max(0, waitMs), () => attempt(courier, delivery));
}

function attempt(courier: Courier, delivery: Delivery): void {
  track(courier, attemptOnce(courier, delivery));
}

async function attemptOnce(courier: Courier, delivery: Delivery): Promise<void> {
  const { signal } = courier.stopping;
  const result = await attemptDelivery(courier, delivery, signal);
  if (signal.aborted || result === 'no_webhook') return;
  const waitMs = result === 'success' ? undefined : nextWaitMs(delivery.retry_number, courier.options.timeFactor);
  if (waitMs === undefined) end(courier, delivery, result === 'success' ? 'delivered' : 'dropped');
  else retry(courier, delivery, waitMs);
}

function retry(courier: Courier, delivery: Delivery, waitMs: number): void {
  const due_at = new Date(courier.options.now().getTime() + waitMs).toISOString();
  schedule(courier, courier.books.deliveries.put({ ...delivery, retry_number: delivery.retry_number + 1, due_at }));
}

function end(courier: Courier, delivery: Delivery, state: 'delivered' | 'dropped'): void {
  courier.books.deliveries.put({ ...delivery, state });
}

function later(courier: Courier, ms: number, work: () => void): void {
  const timer = setTimeout(() => {
    courier.timers.delete(timer);
    work();
  }, ms);
  courier.timers.add(timer);
}

function track(courier: Courier, work: Promise<unknown>): void {
  const tracked: Promise<void> = work.then(
    () => undefined,
    (error: unknown) => console.error(JSON.stringify({ level: 'error', msg: 'webhook failed', error: String(error) })),
  );
  courier.running.add(tracked);
  void tracked.finally(() => courier.running.delete(tracked));
}
