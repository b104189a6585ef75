import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  StaffAvailabilitySchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { toWindowMessages } from '../messages/weekly.ts';
import { requireStaffMember } from '../rights/require-staff-member.ts';

export function getStaffAvailability(ctx: Context): MethodImpl<typeof AvailabilityService.method.getStaffAvailability> {
  return async ({ staffId }, context) => {
    const { staff } = await requireStaffMember(ctx, context, staffId);
    const windows = await ctx.prisma.staffWindow.findMany({ where: { staffId: staff.id } });
    return create(StaffAvailabilitySchema, { staffId: staff.id, weekly: toWindowMessages(windows) });
  };
}
