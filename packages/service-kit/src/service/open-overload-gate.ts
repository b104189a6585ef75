import { createOverloadGate, type OverloadGate } from '@mawid/rpc';
import type { OverloadConfig } from '../config/core-config.ts';
import { refuse } from '../errors/refuse.ts';
import type { Telemetry } from '../telemetry/start-telemetry.ts';

/** What callers are told to wait. Recovery from the smallest share takes two seconds. */
export const overloadRetrySeconds = 1;

/**
 * The overload gate of a process, with its metrics. Its refusals are UNAVAILABLE with our own reason and a RetryInfo.
 * Health stays SERVING while it refuses: a process taken out of the load balancing would give its share to the
 * others, which would be next.
 */
export function openOverloadGate(config: OverloadConfig, { instruments }: Telemetry): OverloadGate {
  instruments.admittedShare.set(1);
  return createOverloadGate({
    ...config,
    toError: () => refuse('UNAVAILABLE', { retryAfterSeconds: overloadRetrySeconds }),
    onShed: (reason) => instruments.shedCalls.inc({ reason }),
    onShare: (share) => instruments.admittedShare.set(share),
  });
}
