import type { Pushback } from './overload/retry-delay.ts';

/** How calls are tried again. Only RPCs marked idempotent are, and only after UNAVAILABLE. */
export interface RetryOptions {
  /** Attempts of one call, the first included; 3. */
  maxAttempts?: number;
  /** Full jitter: a random time up to this, doubled with each attempt; 50. */
  baseDelayMs?: number;
  /** … but never more than this; 1000. */
  maxDelayMs?: number;
  /** Share of calls that may be retries; 0.1. Ten in a row are always allowed after a quiet time. */
  budget?: number;
  /** In [0, 1); Math.random. */
  random?: () => number;
}

export interface RetryPolicy {
  /** Counts a call, which earns its share of a retry. */
  begin(): void;
  /**
   * The time to wait after the given attempt (1 is the first) has failed; undefined when it was the last. What the
   * server has said of trying again goes before our own times.
   */
  delayAfter(attempt: number, pushback?: Pushback): number | undefined;
}

const maxSaved = 10;

/** A policy with a budget that all calls of a transport share: a server that is down gets 10 % more calls, not 200 %. */
export function createRetryPolicy(options: RetryOptions): RetryPolicy {
  const { maxAttempts = 3, baseDelayMs = 50, maxDelayMs = 1000, budget = 0.1, random = Math.random } = options;
  let saved = maxSaved;
  return {
    begin() {
      saved = Math.min(maxSaved, saved + budget);
    },
    delayAfter(attempt, pushback) {
      if (attempt >= maxAttempts || saved < 1 || pushback === 'never') return undefined;
      saved -= 1;
      // Later than asked for, each by another time: those who were turned away together must not come back together.
      if (pushback !== undefined) return pushback * (1 + random() / 2);
      return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
    },
  };
}
