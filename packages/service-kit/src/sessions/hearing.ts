import type { Logger } from '../logger/create-logger.ts';

/** Whether a process may trust what it hears of ended sessions. */
export interface Hearing {
  /** A sign of life; with `isCaughtUp` also that nothing is waiting to be read. */
  contact(isCaughtUp: boolean): void;
  /** Events may be missing from now on. */
  lose(error?: unknown): void;
  /** How old the last sign of life is, milliseconds; undefined while events may be missing. */
  heardAgo(): number | undefined;
  readonly wasNeverThere: boolean;
}

/** Older signs of life are none. */
const silenceMs = 20_000;

/** Creates the state of a process that has heard nothing yet. What it hears counts from `settleMs` after it has caught up. */
export function createHearing({ settleMs, logger }: { settleMs: number; logger: Logger }): Hearing {
  let contactAt = 0;
  let caughtUpAt: number | undefined;
  let told: boolean | undefined;

  return {
    contact(isCaughtUp) {
      contactAt = performance.now();
      if (!isCaughtUp) return;
      caughtUpAt ??= contactAt;
      if (told !== true) logger.info({}, 'ended sessions are heard of');
      told = true;
    },
    lose(error) {
      caughtUpAt = undefined;
      if (told !== false) logger.warn({ err: error }, 'ended sessions are not heard of, identity is asked');
      told = false;
    },
    heardAgo() {
      const now = performance.now();
      if (caughtUpAt === undefined || now - caughtUpAt < settleMs) return undefined;
      return now - contactAt < silenceMs ? now - contactAt : undefined;
    },
    get wasNeverThere() {
      return told === undefined;
    },
  };
}
