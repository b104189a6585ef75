import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Closable } from '../closable.ts';
import type { ServiceName } from '../config/core-config.ts';
import type { Database } from '../database/types.ts';
import type { Logger } from '../logger/create-logger.ts';
import { createSleeper, jitter } from '../sleeper.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';
import {
  claimRows,
  isOutboxEmpty,
  listPendingLanes,
  lockLane,
  markFailed,
  markPublished,
  readBacklog,
} from './claim.ts';
import { type Publisher, publishBatch } from './publish.ts';
import { ensureStream } from './streams.ts';

export interface RelayOptions {
  database: Database;
  nats: NatsConnection;
  service: ServiceName;
  logger: Logger;
  telemetry: Telemetry;
  streamReplicas?: number | undefined;
  /** Middle of the jittered poll that catches what no `wake` announced. */
  pollMs?: number;
  batchSize?: number;
  publishTimeoutMs?: number;
}

/** Publishes the service's outbox. */
export interface Relay extends Closable {
  /** To be called after a commit that wrote outbox rows. Cheap, never throws. */
  wake(): void;
  /** True when every committed outbox row is published. */
  settled(): Promise<boolean>;
}

/**
 * Starts publishing the outbox: woken after commits, with a slow poll as the net below. Rows are marked only after the
 * server's acknowledgement; failures are retried for ever. Several relays may run on one database: an aggregate's lane
 * is worked on by one at a time, so the aggregate's order is kept.
 */
export function startRelay(options: RelayOptions): Relay {
  const { database, logger, pollMs = 2_500 } = options;
  const sleeper = createSleeper();
  const timeoutMs = options.publishTimeoutMs ?? 3_000;
  const publisher: Publisher = {
    js: jetstream(options.nats, { timeout: timeoutMs }),
    telemetry: options.telemetry,
    timeoutMs,
  };
  let isClosing = false;
  let hasStream = false;

  async function drain(): Promise<'empty' | 'busy'> {
    if (!hasStream) await ensureOwnStream(options);
    hasStream = true;
    for (;;) {
      const lanes = await listPendingLanes(database);
      if (lanes.length === 0 || isClosing) return 'empty';
      let published = 0;
      for (const lane of lanes) published += await publishLane(options, publisher, lane);
      if (published === 0) return 'busy';
    }
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!isClosing) {
      try {
        const outcome = await drain();
        failures = 0;
        // Busy: another relay holds the lanes, and may have read them before our rows were committed.
        await sleeper.sleep(jitter(outcome === 'busy' ? 100 : pollMs));
      } catch (error) {
        hasStream = false;
        failures++;
        if (!isMissingTable(error)) logger.warn({ err: error, failures }, 'the outbox relay failed, will retry');
        await pause(failures);
      }
    }
  }

  async function pause(failures: number): Promise<void> {
    const end = performance.now() + jitter(Math.min(100 * 2 ** failures, 5_000));
    while (!isClosing && performance.now() < end) await sleeper.sleep(Math.max(end - performance.now(), 1));
  }

  watchBacklog(options);
  const running = run();
  return {
    wake: () => sleeper.wake(),
    settled: () => isOutboxEmpty(database),
    async close() {
      isClosing = true;
      sleeper.wake();
      await running;
    },
  };
}

async function publishLane(
  { database, batchSize = 100 }: RelayOptions,
  publisher: Publisher,
  lane: number,
): Promise<number> {
  const result = await database.transaction(async (tx) => {
    if (!(await lockLane(tx, lane))) return { published: [], failed: [] };
    const rows = await claimRows(tx, lane, batchSize);
    if (rows.length === 0) return { published: [], failed: [] };
    const outcome = await publishBatch(publisher, rows);
    await markPublished(tx, outcome.published);
    for (const { id, error } of outcome.failed) await markFailed(tx, id, String(error));
    return outcome;
  });
  if (result.failed[0]) throw result.failed[0].error;
  return result.published.length;
}

async function ensureOwnStream({ nats, service, streamReplicas }: RelayOptions): Promise<void> {
  const jsm = await jetstreamManager(nats, { checkAPI: false, timeout: 3_000 });
  await ensureStream(jsm, { stream: service.toUpperCase(), replicas: streamReplicas }, true);
}

function watchBacklog({ database, telemetry }: RelayOptions): void {
  const { outboxPending, outboxOldest } = telemetry.instruments;
  const collect = async () => {
    const backlog = await readBacklog(database).catch(() => undefined);
    if (!backlog) return;
    outboxPending.set(backlog.pending);
    outboxOldest.set(backlog.oldestSeconds);
  };
  Object.assign(outboxPending, { collect });
}

// The relay is part of the context; a context made before the migrations ran is not a failure worth a line.
function isMissingTable(error: unknown): boolean {
  return (error as { code?: string }).code === '42P01';
}
