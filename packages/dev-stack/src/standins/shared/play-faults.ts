import { setTimeout as wait } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import type { Reply } from './http-types.ts';

export const callModes = ['slow', 'error', 'error500', 'timeout_before_acting', 'timeout_after_acting'] as const;

/** How long a timed out call stays silent before its socket is destroyed, when the fault does not say. */
const defaultSilenceMs = 60_000;

export interface FaultyCall {
  readonly call: string;
  readonly faults: Faults;
  readonly signal: AbortSignal;
  act(): Promise<Reply>;
  /** The provider's own error body for a status. */
  toError(status: number): Reply;
}

/** Answers as the active faults want it; undefined means that the socket is to be destroyed without an answer. */
export async function playFaults({ call, faults, signal, act, toError }: FaultyCall): Promise<Reply | undefined> {
  const slow = faults.take(['slow'], call);
  if (slow !== undefined) await pause(slow.ms ?? 3_000, signal);
  const fault = faults.take(['error', 'error500', 'timeout_before_acting', 'timeout_after_acting'], call);
  if (fault === undefined) return act();
  if (fault.mode === 'error500') return toError(500);
  if (fault.mode === 'error') return toError(fault.status ?? 500);
  if (fault.mode === 'timeout_after_acting') await act();
  await pause(fault.ms ?? defaultSilenceMs, signal);
  return undefined;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
