export interface RetrySchedule {
  readonly baseMs: number;
  readonly capMs: number;
  /** Calls to a provider before the message has failed. */
  readonly maxAttempts: number;
}

/** How long nobody asks again about a contact or a booking, at most. */
const waitCapMs = 15_000;

/**
 * Delay after the `count`-th failure (from 1): doubling from the base, up to the cap; `random` (0 to 1) takes up to half of
 * it away, so that messages that failed together do not come back together. Never less than what the provider asked for.
 */
export function retryDelayMs(
  { baseMs, capMs }: Pick<RetrySchedule, 'baseMs' | 'capMs'>,
  { count, random, atLeastMs = 0 }: { count: number; random: number; atLeastMs?: number | undefined },
): number {
  const full = Math.min(baseMs * 2 ** Math.max(count - 1, 0), capMs);
  return Math.round(Math.max(full * (1 - random / 2), atLeastMs));
}

/** Delay after the `count`-th time that a message was put off without a call. */
export function waitDelayMs({ baseMs }: Pick<RetrySchedule, 'baseMs'>, count: number, random: number): number {
  return retryDelayMs({ baseMs: baseMs / 2, capMs: waitCapMs }, { count, random });
}
