import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { findStaffHours } from '../db/staff-hours.ts';
import { errors } from '../errors.ts';
import { toStaffHoursMessage } from '../messages/staff-hours.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';

export function getStaffAvailability(ctx: Context): MethodImpl<typeof AvailabilityService.method.getStaffAvailability> {
  return async ({ staffId }, context) => {
    const { staff, isOwn } = await requireStaffMember(ctx, context, staffId);
    const found = await findStaffHours(ctx.database, staff.id);
    if (!found) throw errors.notFound();
    return toStaffHoursMessage(staff.id, found, { showsNotes: isOwn });
  };
}
