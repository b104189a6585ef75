import type { Transaction } from '@mawid/service-kit';
import { saveMove } from '../booking/save-move.ts';
import type { Context } from '../context.ts';
import { moveHoldEnd } from '../db/extend-hold.ts';
import type { Booking } from '../domain/booking.ts';

export interface MovedHold {
  /** Locked by the caller. */
  readonly before: Booking;
  /** With the new end of its hold. */
  readonly booking: Booking;
  readonly outcome: 'extended' | 'ended';
  /** For its history. */
  readonly reason?: string;
}

/** Writes a hold that ends at another time than before, and tells of it. Nothing happens where the time is gone already. */
export async function moveHold(ctx: Context, tx: Transaction, { outcome, ...moved }: MovedHold): Promise<void> {
  const { id, holdExpiresAt } = moved.booking;
  if (!holdExpiresAt || !(await moveHoldEnd(tx, id, holdExpiresAt))) return;
  await saveMove(ctx, tx, { ...moved, move: 'extend_hold', actor: { kind: 'system' } });
  ctx.metrics.holdExtensions.inc({ outcome });
}
