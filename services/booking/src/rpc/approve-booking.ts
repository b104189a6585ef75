import type { MethodImpl } from '@connectrpc/connect';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { type MovableBooking, managing, moveBooking } from '../booking/move-booking.ts';
import type { Context } from '../context.ts';
import { keepClaims } from '../db/claims.ts';
import { setClaimsDeadline } from '../db/move-claims.ts';
import type { MoveDecision } from '../domain/advance-booking.ts';
import { decideApproval } from '../domain/decide-approval.ts';

export function approveBooking(ctx: Context): MethodImpl<typeof BookingService.method.approveBooking> {
  return (request, context) =>
    moveBooking(ctx, context, {
      method: BookingService.method.approveBooking,
      request,
      allowed: managing,
      decide: (seen) => approve(ctx, seen),
    });
}

async function approve(ctx: Context, { tx, booking, now }: MovableBooking): Promise<MoveDecision> {
  const decision = decideApproval(booking, { now, holdMinutes: ctx.config.holdMinutes });
  if ('refusal' in decision) return decision;
  if (!(await keepClaims(tx, booking.id, now))) return { refusal: 'BOOKING_STATE_CONFLICT' };
  const { holdExpiresAt } = decision.booking;
  if (holdExpiresAt) await setClaimsDeadline(tx, booking.id, holdExpiresAt);
  return decision;
}
