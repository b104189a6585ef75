import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { callerOf } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { countStaffHours, listSeasonKeys, replaceStaffHours } from '../db/staff-hours.ts';
import { isEtagMatch } from '../domain/etag.ts';
import { errors } from '../errors.ts';
import { requireStaffHours, toStaffHoursMessage } from '../messages/staff-hours.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';

export function setStaffAvailability(ctx: Context): MethodImpl<typeof AvailabilityService.method.setStaffAvailability> {
  return async (request, context) => {
    const { salon, staff, isOwn } = await requireStaffMember(ctx, context, request.staffId);
    if (!isOwn) throw errors.permissionDenied();
    const { ifMatch } = callerOf(context);
    const kept = await ctx.database.transaction(async (tx) => {
      // The staff member's row is the lock: two writers' hours must not end up side by side.
      const version = await countStaffHours(tx, staff.id);
      if (ifMatch !== undefined && !isEtagMatch(ifMatch, version - 1)) throw errors.staleEtag();
      const hours = requireStaffHours(request, await listSeasonKeys(tx, salon.id));
      await replaceStaffHours(tx, staff.id, hours);
      return { hours, version };
    });
    return toStaffHoursMessage(staff.id, kept, { showsNotes: true });
  };
}
