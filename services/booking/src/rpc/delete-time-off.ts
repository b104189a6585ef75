import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import type { MethodImpl } from '@connectrpc/connect';
import type { AvailabilityService } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { freeTime } from '../blocks/free-time.ts';
import type { Context } from '../context.ts';
import { requireOwnTime } from '../rights/require-own-time.ts';

export function deleteTimeOff(ctx: Context): MethodImpl<typeof AvailabilityService.method.deleteTimeOff> {
  return async (request, context) => {
    const owner = await requireOwnTime(ctx, context, request.staffId);
    await freeTime(ctx, request.timeOffId, owner);
    return create(EmptySchema);
  };
}
