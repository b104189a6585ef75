import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  StaffAvailabilitySchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { requireWindows, toWindowMessages } from '../messages/weekly.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';

export function setStaffAvailability(ctx: Context): MethodImpl<typeof AvailabilityService.method.setStaffAvailability> {
  return async (request, context) => {
    const { staff, isOwn } = await requireStaffMember(ctx, context, request.staffId);
    if (!isOwn) throw errors.permissionDenied();
    const windows = requireWindows(request.weekly);
    const { id } = staff;
    await ctx.prisma.$transaction([
      // The staff member's row is the lock: two writers' windows must not end up side by side.
      ctx.prisma.staffMember.update({ where: { id }, data: { version: { increment: 1 }, updatedAt: ctx.clock.now() } }),
      ctx.prisma.staffWindow.deleteMany({ where: { staffId: id } }),
      ctx.prisma.staffWindow.createMany({ data: windows.map((window) => ({ staffId: id, ...window })) }),
    ]);
    return create(StaffAvailabilitySchema, { staffId: id, weekly: toWindowMessages(windows) });
  };
}
