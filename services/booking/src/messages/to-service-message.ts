import { create } from '@bufbuild/protobuf';
import {
  Gender,
  type ResourceNeed,
  ResourceNeedSchema,
  type Service,
  ServiceSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { ServiceModel } from '../db/generated/models.ts';
import { toEtag } from '../domain/etag.ts';
import { audience, gender } from './enums.ts';
import { toMoney, toText, toTimestamp } from './values.ts';

/** What a service is read with. */
export const withNeeds = {
  resources: { select: { resourceId: true, need: true }, orderBy: { resourceId: 'asc' } },
} as const;

/** A service as read with its needs. */
export type ServiceRow = ServiceModel & { resources: { resourceId: string; need: number }[] };

export function toServiceMessage(row: ServiceRow): Service {
  return create(ServiceSchema, {
    id: row.id,
    salonId: row.salonId,
    name: toText({ ar: row.nameAr, en: row.nameEn }),
    description: toText({ ar: row.descriptionAr, en: row.descriptionEn }),
    category: row.category,
    durationMinutes: row.durationMinutes,
    bufferBeforeMinutes: row.bufferBeforeMinutes,
    bufferAfterMinutes: row.bufferAfterMinutes,
    price: toMoney(row.priceAmount, row.currency),
    audience: audience.toEnum(row.audience as never),
    staffGender: row.staffGender === null ? Gender.UNSPECIFIED : gender.toEnum(row.staffGender as never),
    resourceNeeds: toNeeds(row),
    active: row.active,
    etag: toEtag(Number(row.version)),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  });
}

function toNeeds({ resources }: ServiceRow): ResourceNeed[] {
  const numbers = [...new Set(resources.map(({ need }) => need))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const resourceIds = resources.filter(({ need }) => need === number).map(({ resourceId }) => resourceId);
    return create(ResourceNeedSchema, { resourceIds });
  });
}
