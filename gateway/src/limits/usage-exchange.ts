import { randomUUID } from 'node:crypto';
import type { NatsConnection } from '@mawid/service-kit';

/** Where replicas tell each other what they let through. No stream keeps it. */
const subject = 'limits-usage.v1';
/** What comes within this time goes out together. */
const gatherMs = 10;
/** About 12 kB. */
const maxUsages = 256;

/** Uses of a key under a policy. */
export type Usage = readonly [policy: string, key: string, uses: number];

/** Tells the other replicas of uses, and hears of theirs. Messages may get lost; a limit is then wider by what they told. */
export interface UsageExchange {
  tell(policy: string, key: string, uses: number): void;
  listen(nats: NatsConnection): void;
  close(): void;
}

export interface UsageExchangeOptions {
  connection(): NatsConnection | undefined;
  onUsage(usage: Usage): void;
}

export function createUsageExchange({ connection, onUsage }: UsageExchangeOptions): UsageExchange {
  const self = randomUUID();
  let waiting: Usage[] = [];
  let timer: NodeJS.Timeout | undefined;
  let heard: NatsConnection | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const usages = waiting;
    waiting = [];
    try {
      connection()?.publish(subject, JSON.stringify({ from: self, usages }));
    } catch {
      // Closed a moment ago: nobody is told, and nobody has to be.
    }
  }

  return {
    tell(policy, key, uses) {
      waiting.push([policy, key, uses]);
      if (waiting.length >= maxUsages) flush();
      else timer ??= setTimeout(flush, gatherMs).unref();
    },
    // Subscriptions survive reconnects; only a new connection needs a new one.
    listen(nats) {
      if (heard === nats) return;
      heard = nats;
      nats.subscribe(subject, {
        callback: (error, message) => {
          if (error) return;
          const { from, usages } = parseMessage(message.data);
          if (from !== self) usages.forEach(onUsage);
        },
      });
    },
    close: () => clearTimeout(timer),
  };
}

/** Another build's message may look like anything. */
function parseMessage(data: Uint8Array): { from: string; usages: Usage[] } {
  const none = { from: '', usages: [] };
  try {
    const { from, usages } = JSON.parse(new TextDecoder().decode(data)) as { from?: unknown; usages?: unknown };
    if (typeof from !== 'string' || !Array.isArray(usages)) return none;
    return { from, usages: usages.slice(0, maxUsages).filter(isUsage) };
  } catch {
    return none;
  }
}

function isUsage(value: unknown): value is Usage {
  if (!Array.isArray(value)) return false;
  const [policy, key, uses] = value as unknown[];
  return (
    typeof policy === 'string' &&
    typeof key === 'string' &&
    key.length === 22 &&
    Number.isSafeInteger(uses) &&
    Number(uses) > 0
  );
}
