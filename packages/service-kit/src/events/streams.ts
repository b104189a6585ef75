import {
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const day = 24 * 3_600_000;

export interface StreamOptions {
  /** `BOOKING` holds every subject `booking.>`. */
  stream: string;
  replicas?: number | undefined;
}

/** How long events stay in a stream. */
export const streamMaxAgeMs = 7 * day;

/** Within this time the server drops a second message with the same id. */
export const duplicateWindowMs = 2 * 60_000;

/** Makes the stream when it is missing; its owner (`owns`) also brings an older one up to date. */
export async function ensureStream(jsm: JetStreamManager, options: StreamOptions, owns = false): Promise<void> {
  const wanted = streamConfig(options);
  const current = await findStream(jsm, options.stream);
  if (!current) return void (await addStream(jsm, wanted));
  if (!owns || isUpToDate(current, wanted)) return;
  await jsm.streams.update(options.stream, { ...current, ...wanted });
}

function streamConfig({ stream, replicas = 1 }: StreamOptions) {
  return {
    name: stream,
    subjects: [`${stream.toLowerCase()}.>`],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    num_replicas: replicas,
    max_age: nanos(streamMaxAgeMs),
    duplicate_window: nanos(duplicateWindowMs),
  };
}

async function findStream(jsm: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

// Two processes may find it missing at once; the second one's is then "already in use", and good.
async function addStream(jsm: JetStreamManager, wanted: ReturnType<typeof streamConfig>): Promise<void> {
  try {
    await jsm.streams.add(wanted);
  } catch (error) {
    if (!(await findStream(jsm, wanted.name))) throw error;
  }
}

function isUpToDate(current: StreamConfig, wanted: ReturnType<typeof streamConfig>): boolean {
  return (
    current.num_replicas === wanted.num_replicas &&
    current.max_age === wanted.max_age &&
    current.duplicate_window === wanted.duplicate_window &&
    current.subjects?.join() === wanted.subjects.join()
  );
}

/** True for the server's answer "no such stream" or "no such consumer". */
export function isNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.status === 404;
}
