import { create } from '@bufbuild/protobuf';
import {
  BookingRulesSchema,
  PlaceSchema,
  type PrayerPauses,
  PrayerPausesSchema,
  type Salon,
  SalonSchema,
} from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { SalonModel } from '../db/generated/models.ts';
import { toEtag } from '../domain/etag.ts';
import { approvalPolicy, audience, paymentPolicy, prayer, salonState } from './enums.ts';
import { toPolicyMessage } from './to-booking-message.ts';
import { toText, toTimestamp } from './values.ts';

export function toSalonMessage(row: SalonModel): Salon {
  const { latitude, longitude } = row;
  const hasPlace = latitude !== null && longitude !== null;
  return create(SalonSchema, {
    id: row.id,
    name: toText({ ar: row.nameAr, en: row.nameEn }),
    description: toText({ ar: row.descriptionAr, en: row.descriptionEn }),
    city: toText({ ar: row.cityAr, en: row.cityEn }),
    ...(hasPlace && { place: create(PlaceSchema, { latitude, longitude }) }),
    audience: audience.toEnum(row.audience as never),
    timeZone: row.timeZone,
    vatNumber: row.vatNumber,
    paymentPolicy: paymentPolicy.toEnum(row.paymentPolicy as never),
    cancellationPolicy: toPolicyMessage(row),
    bookingRules: create(BookingRulesSchema, {
      slotStepMinutes: row.slotStepMinutes,
      minNoticeMinutes: row.minNoticeMinutes,
      maxAdvanceDays: row.maxAdvanceDays,
      maxOpenBookings: row.maxOpenBookings,
      approvalPolicy: approvalPolicy.toEnum(row.approvalPolicy as never),
      approvalMinutes: row.approvalMinutes,
    }),
    ...(row.prayers.length > 0 && { prayerPauses: toPrayerPauses(row) }),
    state: salonState.toEnum(row.state as never),
    managerId: row.managerId,
    etag: toEtag(Number(row.version)),
    createdAt: toTimestamp(row.createdAt),
    updatedAt: toTimestamp(row.updatedAt),
  });
}

function toPrayerPauses({ prayers, prayerMinutes }: SalonModel): PrayerPauses {
  return create(PrayerPausesSchema, {
    prayers: prayers.map((word) => prayer.toEnum(word as never)),
    lengthMinutes: prayerMinutes,
  });
}
