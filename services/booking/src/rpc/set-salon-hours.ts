import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  SalonHoursSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { requireWindows, toWindowMessages } from '../messages/weekly.ts';
import { requireOwnSalon } from '../rights/require-salon.ts';

export function setSalonHours(ctx: Context): MethodImpl<typeof AvailabilityService.method.setSalonHours> {
  return async (request, context) => {
    const { id } = await requireOwnSalon(ctx, context, request.salonId);
    const windows = requireWindows(request.weekly);
    await ctx.prisma.$transaction([
      // The salon's row is the lock: two writers' windows must not end up side by side.
      ctx.prisma.salon.update({ where: { id }, data: { version: { increment: 1 }, updatedAt: ctx.clock.now() } }),
      ctx.prisma.salonWindow.deleteMany({ where: { salonId: id } }),
      ctx.prisma.salonWindow.createMany({ data: windows.map((window) => ({ salonId: id, ...window })) }),
    ]);
    return create(SalonHoursSchema, { salonId: id, weekly: toWindowMessages(windows) });
  };
}
