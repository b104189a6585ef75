import { type Closable, createSleeper, jitter } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Context } from '../context.ts';
import { claimMessages, hasDueMessages, renewLeases } from '../db/leases.ts';
import type { ClaimedRow, LaneName } from '../db/rows.ts';

export interface Lane extends Closable {
  /** To be called after a commit that wrote a message. */
  wake(): void;
  settled(): Promise<boolean>;
  /** Takes no more messages, waits for those at the provider. */
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly name: LaneName;
  /** Takes one message one step further. Never throws. */
  send(row: ClaimedRow): Promise<void>;
}

/**
 * Sends what is due, several messages at a time; a slow one holds up none but itself. Its leases are short and renewed while
 * the process lives, so that what a killed one held goes on soon. Several processes may run the same lane.
 */
export function startLane({ config, database, logger }: Context, { name, send }: LaneOptions): Lane {
  const { concurrency, pollMs, leaseMs } = config.lanes[name];
  const leaseId = uuidv7();
  const sleeper = createSleeper();
  const inFlight = new Map<string, Promise<void>>();
  let isClosing = false;
  let isFull = false;

  async function fill(): Promise<void> {
    const limit = concurrency - inFlight.size;
    const claim = { lane: name, leaseId, leaseMs, limit, except: [...inFlight.keys()] };
    const rows = limit > 0 ? await claimMessages(database, claim) : [];
    isFull = rows.length === limit;
    for (const row of rows) inFlight.set(row.id, run(row));
  }

  async function run(row: ClaimedRow): Promise<void> {
    await send(row);
    inFlight.delete(row.id);
    // With a backlog, half a batch at a time. Without one, the end of a message may make its booking's next one due.
    if (isFull ? inFlight.size <= concurrency / 2 : row.bookingId !== null) sleeper.wake();
  }

  async function loop(): Promise<void> {
    while (!isClosing) {
      try {
        await fill();
      } catch (error) {
        logger.warn({ err: error, lane: name }, 'claiming messages failed, will retry');
      }
      if (!isClosing) await sleeper.sleep(jitter(pollMs));
    }
  }

  async function renew(): Promise<void> {
    if (inFlight.size === 0) return;
    try {
      await renewLeases(database, leaseId, leaseMs);
    } catch (error) {
      logger.warn({ err: error, lane: name }, 'renewing leases failed');
    }
  }

  const renewal = setInterval(() => void renew(), leaseMs / 3);
  const looping = loop();
  return {
    wake: () => sleeper.wake(),
    settled: async () => !(await hasDueMessages(database, name)),
    async close() {
      isClosing = true;
      sleeper.wake();
      await looping;
      await Promise.all(inFlight.values());
      clearInterval(renewal);
    },
  };
}
