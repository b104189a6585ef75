import { create } from '@bufbuild/protobuf';
import {
  type AvailabilityAnswer,
  AvailabilityAnswerSchema,
  UnavailableReason,
} from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import type { BookingPlan } from '../domain/plan-booking.ts';
import { toTimestamp } from './values.ts';

type Refusal = Extract<BookingPlan, { refusal: string }>['refusal'];

const reasons: Record<Refusal, UnavailableReason> = {
  SALON_NOT_BOOKABLE: UnavailableReason.SALON_NOT_BOOKABLE,
  SERVICE_NOT_OFFERED: UnavailableReason.SERVICE_NOT_OFFERED,
  STAFF_NOT_AVAILABLE: UnavailableReason.STAFF_NOT_AVAILABLE,
  AUDIENCE_MISMATCH: UnavailableReason.AUDIENCE,
  START_OFF_GRID: UnavailableReason.OFF_GRID,
  TOO_SHORT_NOTICE: UnavailableReason.NOTICE,
  TOO_FAR_AHEAD: UnavailableReason.BEYOND_WINDOW,
  OUTSIDE_WORKING_HOURS: UnavailableReason.CLOSED,
  STAFF_OFF: UnavailableReason.STAFF_OFF,
  SLOT_TAKEN: UnavailableReason.TAKEN,
  RESOURCE_BUSY: UnavailableReason.RESOURCE_BUSY,
};

export function toAvailabilityAnswer(plan: BookingPlan): AvailabilityAnswer {
  if ('refusal' in plan) return create(AvailabilityAnswerSchema, { reason: reasons[plan.refusal] });
  const last = plan.items.at(-1);
  return create(AvailabilityAnswerSchema, {
    available: true,
    ...(last && { endAt: toTimestamp(last.span.to) }),
    staffIds: (plan.items[0]?.free ?? []).map(({ id }) => id),
  });
}
