import type { Context } from '../context.ts';
import { decideLapse } from '../domain/decide-expiry.ts';
import { endLapsed } from './end-lapsed.ts';

/** Declines the bookings to which their salon has not answered in time. */
export function declineUnanswered(ctx: Context, signal: AbortSignal): Promise<void> {
  return endLapsed(ctx, signal, { state: 'pending_approval', decide: decideLapse });
}
