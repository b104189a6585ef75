import { create } from '@bufbuild/protobuf';
import { Gender, type StaffMember, StaffMemberSchema } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { StaffMemberModel } from '../db/generated/models.ts';
import { toEtag } from '../domain/etag.ts';
import { gender } from './enums.ts';
import { toText, toTimestamp } from './values.ts';

/** What a staff member is read with: a service that was deleted is kept for those who booked it, and shown to nobody. */
export const withServices = {
  services: {
    where: { service: { deletedAt: null } },
    select: { serviceId: true },
    orderBy: { serviceId: 'asc' },
  },
} as const;

/** A staff member as read with `services`. */
export type StaffRow = StaffMemberModel & { services: { serviceId: string }[] };

/** `showsUser`: who signs in as this person is the salon's own business. */
export function toStaffMessage(row: StaffRow, { showsUser }: { showsUser: boolean }): StaffMember {
  return create(StaffMemberSchema, {
    id: row.id,
    salonId: row.salonId,
    name: toText({ ar: row.nameAr, en: row.nameEn }),
    gender: row.gender === null ? Gender.UNSPECIFIED : gender.toEnum(row.gender as never),
    serviceIds: row.services.map(({ serviceId }) => serviceId),
    userId: showsUser ? (row.userId ?? '') : '',
    active: row.active,
    etag: toEtag(Number(row.version)),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  });
}
