import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { findSalonHours } from '../db/salon-hours.ts';
import { errors } from '../errors.ts';
import { toSalonHoursMessage } from '../messages/salon-hours.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function getSalonHours(ctx: Context): MethodImpl<typeof AvailabilityService.method.getSalonHours> {
  return async ({ salonId }, context) => {
    const { salon, isOwn } = await requireVisibleSalon(ctx, context, salonId);
    const found = await findSalonHours(ctx.database, salon.id);
    if (!found) throw errors.notFound();
    return toSalonHoursMessage(salon.id, found, { showsNotes: isOwn });
  };
}
