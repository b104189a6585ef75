import type { MessageKind } from './facts.ts';

export interface BookingNow {
  readonly isCancelled: boolean;
  readonly version: bigint;
}

export type Verdict = 'true' | 'moved' | 'ahead';

/**
 * Whether a message about one version of a booking is still true of the booking as it stands. `ahead`: booking does not
 * know that version yet, so nobody can tell.
 */
export function judgeBooking({ kind, version }: { kind: MessageKind; version: bigint }, now: BookingNow): Verdict {
  if (now.version === version) return 'true';
  if (now.version < version) return 'ahead';
  // Nothing comes after a cancellation: what changes then is bookkeeping, and the person must still be told.
  return kind === 'booking_cancelled' && now.isCancelled ? 'true' : 'moved';
}
