import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  type AvailabilityQuery,
  type AvailabilityService,
  CheckAvailabilityResponseSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { checkWishes, type SalonWish } from '../calendar/check-wishes.ts';
import type { Context } from '../context.ts';
import { audience, gender } from '../messages/enums.ts';
import { toAvailabilityAnswer } from '../messages/to-availability-answer.ts';
import { toMoment } from '../messages/values.ts';

export function checkAvailability(ctx: Context): MethodImpl<typeof AvailabilityService.method.checkAvailability> {
  return async ({ queries }) => {
    const plans = await checkWishes(ctx, queries.map(toWish));
    return create(CheckAvailabilityResponseSchema, { answers: plans.map(toAvailabilityAnswer) });
  };
}

function toWish(query: AvailabilityQuery): SalonWish {
  return {
    salonId: query.salonId.toLowerCase(),
    // A moment that cannot be counted with is on no grid.
    startAt: toMoment(query.startAt) ?? Number.NaN,
    audience: audience.toWord(query.audience),
    wanted: query.items.map(({ serviceId, staffId, staffGender }) => ({
      serviceId: serviceId.toLowerCase(),
      staffId: staffId.toLowerCase() || undefined,
      staffGender: gender.toWord(staffGender),
    })),
  };
}
