import type { Context } from '../context.ts';
import { decideExpiry } from '../domain/decide-expiry.ts';
import { endLapsed } from './end-lapsed.ts';

/** Ends the holds that were not paid in time. */
export function expireHolds(ctx: Context, signal: AbortSignal): Promise<void> {
  return endLapsed(ctx, signal, { state: 'held', decide: decideExpiry });
}
