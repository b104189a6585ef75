/** How often and after which delays a failing event is tried again. */
export interface RetryPolicy {
  /** After so many deliveries the event is parked in `dead_letters`. */
  maxDeliveries: number;
  /** Delay after the first, second, … failure; the last one repeats. */
  delaysMs: readonly number[];
}

export const defaultRetryPolicy: RetryPolicy = {
  maxDeliveries: 8,
  delaysMs: [1_000, 5_000, 30_000, 120_000, 600_000],
};

/** The wait before the next delivery, when `deliveryCount` deliveries have failed. */
export function delayAfter(policy: RetryPolicy, deliveryCount: number): number {
  const index = Math.min(Math.max(deliveryCount, 1), policy.delaysMs.length) - 1;
  return policy.delaysMs[index] ?? 1_000;
}
