import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityService,
  SalonHoursSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { Context } from '../context.ts';
import { toWindowMessages } from '../messages/weekly.ts';
import { requireVisibleSalon } from '../rights/require-salon.ts';

export function getSalonHours(ctx: Context): MethodImpl<typeof AvailabilityService.method.getSalonHours> {
  return async ({ salonId }, context) => {
    const { salon } = await requireVisibleSalon(ctx, context, salonId);
    const windows = await ctx.prisma.salonWindow.findMany({ where: { salonId: salon.id } });
    return create(SalonHoursSchema, { salonId: salon.id, weekly: toWindowMessages(windows) });
  };
}
