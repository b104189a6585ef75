import { setTimeout as wait } from 'node:timers/promises';
import { Code } from '@connectrpc/connect';
import type { Channel } from '@grpc/grpc-js';
import { callUnary, type UnaryAttempt, type UnaryOutcome } from './call-unary.ts';
import type { CallFailure } from './outgoing-call.ts';
import { pushbackOf } from './overload/retry-delay.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** grpc-js tries a refused call once more by itself; in a rolling restart the next connection may be ending as well. */
const maxRefusals = 3;

/**
 * Runs a unary call, again where that is safe: at once when an ending server has refused it, which is proof that it has
 * not run; after a jittered wait when it was never sent or, for idempotent RPCs alone, when it ended with UNAVAILABLE
 * (not before the server wants it again, if it has said when).
 */
export async function callWithRetries(
  channel: Channel,
  call: UnaryAttempt,
  rules: { idempotent: boolean; policy: RetryPolicy | undefined },
): Promise<UnaryOutcome> {
  rules.policy?.begin();
  let refusals = 0;
  for (let attempt = 1; ; ) {
    const outcome = await callUnary(channel, call);
    const { failure } = outcome;
    if (failure === undefined || call.signal?.aborted === true) return outcome;
    if (failure.refused && refusals < maxRefusals) {
      refusals += 1;
      continue;
    }
    if (!mayRepeat(failure, rules.idempotent)) return outcome;
    const delayMs = rules.policy?.delayAfter(attempt, pushbackOf(failure.error));
    if (delayMs === undefined || Date.now() + delayMs >= call.deadline) return outcome;
    attempt += 1;
    if (!(await waited(delayMs, call.signal))) return outcome;
  }
}

function mayRepeat(failure: CallFailure, idempotent: boolean): boolean {
  return failure.error.code === Code.Unavailable && (idempotent || failure.unprocessed);
}

/** False when the signal was aborted meanwhile. */
async function waited(delayMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  return wait(delayMs, true, signal === undefined ? undefined : { signal }).catch(() => false);
}
