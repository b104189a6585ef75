import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { countSalonHours, replaceSalonHours } from '../db/salon-hours.ts';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import { requireSalonHours, toSalonHoursMessage } from '../messages/salon-hours.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';

export function setSalonHours(ctx: Context): MethodImpl<typeof AvailabilityService.method.setSalonHours> {
  return async (request, context) => {
    const { id } = await requireOwnSalon(ctx, context, request.salonId);
    const hours = requireSalonHours(request);
    const { ifMatch } = callerOf(context);
    const version = await ctx.database.transaction(async (tx) => {
      // The salon's row is the lock: two writers' hours must not end up side by side.
      const counted = await countSalonHours(tx, id);
      if (ifMatch !== undefined && !isEtagMatch(ifMatch, counted - 1)) throw errors.staleEtag();
      await replaceSalonHours(tx, id, hours);
      return counted;
    });
    return toSalonHoursMessage(id, { hours, version }, { showsNotes: true });
  };
}
