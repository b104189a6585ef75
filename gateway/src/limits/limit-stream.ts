import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import type { Policy } from './policy.ts';

/** Uses of all keys together. A flood beyond them closes what spends money and is no burden to the store. */
const maxUses = 250_000;

/** `LIMITS_SPEND_USER` */
export function streamNameOf(policy: Policy): string {
  return `LIMITS_${policy.name.toUpperCase().replaceAll('-', '_')}`;
}

/** `limits.spend.user.<key>` */
export function subjectOf(policy: Policy, key: string): string {
  return `limits.${policy.rateClass}.${policy.kind}.${key}`;
}

/** Makes the stream that holds the uses of a policy, or brings it up to date. */
export async function ensureLimitStream(jsm: JetStreamManager, policy: Policy, replicas: number): Promise<void> {
  const wanted = toStreamConfig(policy, replicas);
  const current = await findStream(jsm, wanted.name);
  if (current === undefined) return void (await addStream(jsm, wanted));
  if (!isUpToDate(current, wanted)) await jsm.streams.update(wanted.name, { ...current, ...wanted });
}

/**
 * The whole limit is in here: the server keeps each use for a window, and refuses one that would be the key's `limit + 1`st. On disk, so that a restart of
 * the server forgets none.
 */
function toStreamConfig(policy: Policy, replicas: number) {
  return {
    name: streamNameOf(policy),
    subjects: [subjectOf(policy, '*')],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    num_replicas: replicas,
    max_age: nanos(policy.windowSeconds * 1_000),
    max_msgs_per_subject: policy.limit,
    max_msgs: maxUses,
    max_msg_size: 64,
    discard: DiscardPolicy.New,
    discard_new_per_subject: true,
    duplicate_window: nanos(Math.min(policy.windowSeconds, 1) * 1_000),
  };
}

type WantedConfig = ReturnType<typeof toStreamConfig>;

async function findStream(jsm: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Two replicas may find it missing at once; the second one's is then "already in use", and good. */
async function addStream(jsm: JetStreamManager, wanted: WantedConfig): Promise<void> {
  try {
    await jsm.streams.add(wanted);
  } catch (error) {
    if ((await findStream(jsm, wanted.name)) === undefined) throw error;
  }
}

function isUpToDate(current: StreamConfig, wanted: WantedConfig): boolean {
  return (
    current.num_replicas === wanted.num_replicas &&
    current.max_age === wanted.max_age &&
    current.max_msgs_per_subject === wanted.max_msgs_per_subject &&
    current.max_msgs === wanted.max_msgs &&
    current.discard_new_per_subject
  );
}
