import type { ConnectError } from '@connectrpc/connect';
import { createAdmission } from './admission.ts';
import { type LoopReading, watchEventLoop } from './event-loop.ts';
import { lateError, overloadError } from './overload-error.ts';

/** Calls that stream in any direction are counted apart: they last, and wait most of their time. */
export type CallKind = 'unary' | 'stream';

/** `delay`: the event loop is late. `calls`: too many are in flight. `late`: the caller's deadline has passed. */
export type ShedReason = 'delay' | 'calls' | 'late';

/** Decides, before anything is done for a call, whether it is served. One gate is shared by all wires of a process. */
export interface OverloadGate {
  /** The share of calls that is let in at the moment, 0 to 1. */
  readonly share: number;
  /** Calls let in that have not left yet. */
  inFlight(kind: CallKind): number;
  /**
   * Lets a call in (undefined), which then must `leave` once, or says why it is refused. `remainingMs` is what is left
   * until its deadline. A critical call is never refused for the sake of others, only when it is too late itself.
   */
  enter(call: { kind: CallKind; isCritical: boolean; remainingMs?: number }): ShedReason | undefined;
  leave(kind: CallKind): void;
  /** The error of a refused call. */
  toError(reason: ShedReason): ConnectError;
  /** Stops measuring; everything is let in that the limit of calls allows. */
  close(): void;
}

export interface OverloadGateOptions {
  /** Average delay of the event loop from which on calls are refused, in milliseconds; 200. 0 switches that off. */
  maxDelayMs?: number;
  /** How long the delay must have lasted before the first call is refused; 1000. */
  patienceMs?: number;
  /** Calls in flight, of either kind; 1000. 0 sets no limit. */
  maxConcurrentCalls?: number;
  /** Makes the error of a refused call: UNAVAILABLE, with a RetryInfo of a second when not told otherwise. */
  toError?: () => ConnectError;
  /** Is told of every refused call. */
  onShed?: (reason: ShedReason) => void;
  /** Is told of each change of `share`. */
  onShare?: (share: number) => void;
  /** Where readings come from; this process' event loop. Returns how to stop. */
  watch?: (onReading: (reading: LoopReading) => void) => () => void;
  /** In [0, 1); Math.random. */
  random?: () => number;
}

/** A gate that is open until the process is overloaded. It measures until it is closed. */
export function createOverloadGate(options: OverloadGateOptions = {}): OverloadGate {
  const { maxDelayMs = 200, patienceMs = 1_000, maxConcurrentCalls = 1_000 } = options;
  const { onShed, onShare, random = Math.random, watch = watchEventLoop, toError = overloadError } = options;
  const limit = maxConcurrentCalls === 0 ? Number.POSITIVE_INFINITY : maxConcurrentCalls;
  const inFlight: Record<CallKind, number> = { unary: 0, stream: 0 };
  let admission = createAdmission({ maxDelayMs, patienceMs });
  const stop = maxDelayMs === 0 ? undefined : watch(observe);

  function observe(reading: LoopReading): void {
    const before = admission.share;
    admission.observe(reading);
    if (admission.share !== before) onShare?.(admission.share);
  }

  function reasonAgainst(kind: CallKind, remainingMs: number): ShedReason | undefined {
    if (inFlight[kind] >= limit) return 'calls';
    const { share, delayMs } = admission;
    if (share === 1) return undefined;
    // Its turn would come when nobody waits for it any more.
    if (remainingMs < delayMs) return 'delay';
    return random() < share ? undefined : 'delay';
  }

  return {
    get share() {
      return admission.share;
    },
    inFlight: (kind) => inFlight[kind],
    enter({ kind, isCritical, remainingMs = Number.POSITIVE_INFINITY }) {
      const reason = remainingMs <= 0 ? 'late' : isCritical ? undefined : reasonAgainst(kind, remainingMs);
      if (reason === undefined) inFlight[kind] += 1;
      else onShed?.(reason);
      return reason;
    },
    leave(kind) {
      inFlight[kind] -= 1;
    },
    toError: (reason) => (reason === 'late' ? lateError() : toError()),
    close() {
      stop?.();
      admission = createAdmission({ maxDelayMs: 0, patienceMs });
    },
  };
}
