import { create } from '@bufbuild/protobuf';
import { type Service, ServiceSchema } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { ServiceModel } from '../db/generated/models.ts';
import { toEtag } from '../domain/etag.ts';
import { audience } from './enums.ts';
import { toMoney, toText, toTimestamp } from './values.ts';

export function toServiceMessage(row: ServiceModel): Service {
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
    active: row.active,
    etag: toEtag(Number(row.version)),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  });
}
