import type { UpdateSalonRequest } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import type { SalonModel } from '../db/generated/models.ts';
import { audience } from '../messages/enums.ts';
import {
  assertPlaceKnown,
  placeColumns,
  policyColumns,
  prayerColumns,
  ruleColumns,
  searchColumns,
  textColumns,
} from './to-salon-columns.ts';

/** The columns that a request changes; throws PLACE_REQUIRED. */
export function toSalonChanges(request: UpdateSalonRequest, salon: SalonModel): Partial<SalonModel> {
  const texts = toTexts(request);
  const changes = {
    ...texts,
    ...searchColumns({ ...salon, ...texts }),
    ...toPolicies(request),
    ...(request.bookingRules && ruleColumns(request.bookingRules)),
    ...(request.place && placeColumns(request.place)),
    ...(request.prayerPauses && prayerColumns(request.prayerPauses)),
    ...(request.vatNumber !== undefined && { vatNumber: request.vatNumber }),
    ...(request.audience !== undefined && { audience: audience.toWord(request.audience) ?? salon.audience }),
  };
  assertPlaceKnown({ ...salon, ...changes });
  return changes;
}

function toTexts({ name, description, city }: UpdateSalonRequest) {
  return {
    ...(name && textColumns('name', name)),
    ...(description && textColumns('description', description)),
    ...(city && textColumns('city', city)),
  };
}

function toPolicies({ paymentPolicy: policy, cancellationPolicy }: UpdateSalonRequest): Partial<SalonModel> {
  const { paymentPolicy, ...cancellation } = policyColumns({ paymentPolicy: policy ?? 0, cancellationPolicy });
  return { ...(policy !== undefined && { paymentPolicy }), ...(cancellationPolicy && cancellation) };
}
