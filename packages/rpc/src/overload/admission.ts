import type { LoopReading } from './event-loop.ts';

export interface AdmissionRules {
  /** Delay of the event loop from which on the process counts as overloaded; 0 admits everything always. */
  maxDelayMs: number;
  /** For how long it must have been so without a break before the first call is refused. */
  patienceMs: number;
}

/** Which share of calls is let in. */
export interface Admission {
  /** From `minShare` to 1. */
  readonly share: number;
  /** Of the last reading. */
  readonly delayMs: number;
  observe(reading: LoopReading): void;
}

/** A busy loop alone is no harm, and a late timer on an idle one is the machine's doing: calls are refused for both at once. */
const busy = 0.9;
const decrease = 0.7;
const increase = 0.05;
/** Some always come in: by them one sees that the service still works. */
export const minShare = 0.02;

/**
 * Shrinks the admitted share by 30 % with each overloaded reading and grows it by 5 points with each healthy one (a
 * delay of less than half the limit, or a loop that is not busy); in between it stays. Additive increase with
 * multiplicative decrease settles around the load that the process can do, whatever arrives.
 */
export function createAdmission({ maxDelayMs, patienceMs }: AdmissionRules): Admission {
  let share = 1;
  let delayMs = 0;
  let overloadedSince: number | undefined;

  function shrink(at: number): void {
    overloadedSince ??= at;
    // Once it refuses, it need not be patient again.
    if (share < 1 || at - overloadedSince >= patienceMs) share = Math.max(minShare, share * decrease);
  }

  return {
    get share() {
      return share;
    },
    get delayMs() {
      return delayMs;
    },
    observe(reading) {
      delayMs = reading.delayMs;
      const isBusy = reading.utilization > busy;
      if (maxDelayMs > 0 && isBusy && delayMs > maxDelayMs) {
        shrink(reading.at);
        return;
      }
      overloadedSince = undefined;
      if (!isBusy || delayMs < maxDelayMs / 2) share = Math.min(1, share + increase);
    },
  };
}
