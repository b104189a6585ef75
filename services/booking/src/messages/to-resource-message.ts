import { create } from '@bufbuild/protobuf';
import { type Resource, ResourceSchema } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { ResourceModel } from '../db/generated/models.ts';
import { toEtag } from '../domain/etag.ts';
import { resourceKind } from './enums.ts';
import { toText, toTimestamp } from './values.ts';

export function toResourceMessage(row: ResourceModel): Resource {
  return create(ResourceSchema, {
    id: row.id,
    salonId: row.salonId,
    name: toText({ ar: row.nameAr, en: row.nameEn }),
    kind: resourceKind.toEnum(row.kind as never),
    active: row.active,
    etag: toEtag(Number(row.version)),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  });
}
