import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { withClient } from '../infrastructure/databases.ts';

/** Where to look whether a system has come to rest. */
export interface SettledInput {
  databaseUrls: readonly string[];
  natsUrl: string;
  timeoutMs: number;
}

/** What is still on its way, and how much has ever been published. */
interface Motion {
  unpublished: number;
  unhandled: number;
  published: number;
}

/**
 * Resolves when no outbox holds an unpublished event and no consumer an unhandled one, twice in a row with nothing
 * published in between (an event that is just being handled may write the next one). Rejects, saying what is left, after the time.
 */
export async function waitUntilSettled(input: SettledInput): Promise<void> {
  const deadline = Date.now() + input.timeoutMs;
  let previous: Motion | undefined;
  for (;;) {
    const motion = await measure(input);
    const atRest = motion.unpublished === 0 && motion.unhandled === 0;
    if (atRest && previous?.published === motion.published) return;
    previous = atRest ? motion : undefined;
    if (Date.now() > deadline) throw new Error(`not settled: ${JSON.stringify(motion)}`);
    await sleep(50);
  }
}

async function measure(input: SettledInput): Promise<Motion> {
  // In this order: an event leaves the outbox before it is on a consumer's list.
  const counts = await Promise.all(input.databaseUrls.map(countUnpublished));
  const streams = await measureStreams(input.natsUrl);
  return { unpublished: counts.reduce((sum, count) => sum + count, 0), ...streams };
}

async function countUnpublished(databaseUrl: string): Promise<number> {
  const result = await withClient(databaseUrl, (client) =>
    client.query<{ count: string }>('select count(*) from outbox where published_at is null'),
  );
  return Number(result.rows[0]?.count);
}

async function measureStreams(natsUrl: string): Promise<Omit<Motion, 'unpublished'>> {
  const connection = await connect({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(connection);
    let [published, unhandled] = [0, 0];
    for await (const stream of manager.streams.list()) {
      published += stream.state.last_seq;
      for await (const { config, num_pending, num_ack_pending } of manager.consumers.list(stream.config.name)) {
        // Those who only watch a stream have no name to come back by; what a killed one leaves behind is on nobody's list.
        if (config.durable_name) unhandled += num_pending + num_ack_pending;
      }
    }
    return { published, unhandled };
  } finally {
    await connection.close();
  }
}
