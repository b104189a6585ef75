import type { NatsConnection } from '@mawid/service-kit';
import { jetstreamManager } from '@nats-io/jetstream';
import { ensureLimitStream, streamNameOf, subjectOf } from './limit-stream.ts';
import type { Policy } from './policy.ts';

/** What became of a use. `unknown` where the store did not answer. */
export type Taking =
  | { readonly kind: 'taken'; readonly sequence: number }
  | { readonly kind: 'refused'; readonly freeAt: number }
  | { readonly kind: 'unknown' };

/** Counts uses for all replicas together, exactly. */
export interface LimitStore {
  /** Makes the streams. Rejects where the server cannot. */
  prepare(nats: NatsConnection): Promise<void>;
  /** Counts one use, if there is room for it. Never rejects. */
  take(policy: Policy, key: string): Promise<Taking>;
  /** Takes back a use that came to nothing. */
  giveBack(policy: Policy, sequence: number): void;
}

export interface LimitStoreOptions {
  readonly policies: readonly Policy[];
  readonly replicas: number;
  connection(): NatsConnection | undefined;
  now(): number;
  onFailure(policy: Policy): void;
}

/** How long a request waits for the store: a hiccup of a busy machine must not refuse a payment. */
const timeoutMs = 1_000;
/** How long the store is left alone after that was in vain, unless it answers sooner. */
const restMs = 2_000;
const nothing = new Uint8Array();

interface Acknowledgement {
  readonly seq?: number;
  readonly error?: { readonly description?: string };
}

/** A log of uses in one JetStream stream per policy: one publish is one use, and the server itself refuses those above the limit. */
export function createLimitStore(options: LimitStoreOptions): LimitStore {
  const { policies, replicas, connection, now, onFailure } = options;
  let restsUntil = 0;
  let preparing: Promise<void> | undefined;

  async function makeStreams(nats: NatsConnection): Promise<void> {
    const jsm = await jetstreamManager(nats, { checkAPI: false, timeout: 2_000 });
    await Promise.all(policies.map((policy) => ensureLimitStream(jsm, policy, replicas)));
    restsUntil = 0;
  }

  function prepare(nats: NatsConnection): Promise<void> {
    preparing ??= makeStreams(nats).finally(() => {
      preparing = undefined;
    });
    return preparing;
  }

  function fail(policy: Policy): Taking {
    onFailure(policy);
    return { kind: 'unknown' };
  }

  return {
    prepare,
    async take(policy, key) {
      const nats = connection();
      if (nats === undefined || restsUntil > now()) return fail(policy);
      try {
        const { seq = 0, error } = await publish(nats, policy, key);
        if (error === undefined && seq > 0) return { kind: 'taken', sequence: seq };
        // Other refusals are about the stream as a whole: too many uses, no room, no leader.
        if (!error?.description?.includes('messages per subject')) return fail(policy);
      } catch {
        restsUntil = now() + restMs;
        // "No responders" may mean that somebody removed the streams.
        void prepare(nats).catch(() => undefined);
        return fail(policy);
      }
      return { kind: 'refused', freeAt: await findFreeAt(nats, { policy, key, now }) };
    },
    giveBack(policy, sequence) {
      void remove(connection(), policy, sequence);
    },
  };
}

async function publish(nats: NatsConnection, policy: Policy, key: string): Promise<Acknowledgement> {
  const reply = await nats.request(subjectOf(policy, key), nothing, { timeout: timeoutMs });
  return reply.json<Acknowledgement>();
}

interface Spent {
  readonly policy: Policy;
  readonly key: string;
  now(): number;
}

/** When the oldest use leaves the window. It may just have done so. */
async function findFreeAt(nats: NatsConnection, { policy, key, now }: Spent): Promise<number> {
  const query = JSON.stringify({ seq: 0, next_by_subj: subjectOf(policy, key) });
  const windowMs = policy.windowSeconds * 1_000;
  try {
    const api = `$JS.API.STREAM.MSG.GET.${streamNameOf(policy)}`;
    const reply = await nats.request(api, query, { timeout: timeoutMs });
    const time = Date.parse(reply.json<{ message?: { time?: string } }>().message?.time ?? '');
    // The server's clock may be another one than ours.
    return Number.isNaN(time) ? now() : Math.min(time + windowMs, now() + windowMs);
  } catch {
    return now() + 1_000;
  }
}

/** In vain, it costs the caller one use. */
async function remove(nats: NatsConnection | undefined, policy: Policy, sequence: number): Promise<void> {
  const query = JSON.stringify({ seq: sequence, no_erase: true });
  try {
    await nats?.request(`$JS.API.STREAM.MSG.DELETE.${streamNameOf(policy)}`, query, { timeout: timeoutMs });
  } catch {
    // The use leaves the window by itself.
  }
}
