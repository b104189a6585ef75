import type {
  BookingRules,
  CancellationPolicy,
  PaymentPolicy,
  Place,
  PrayerPauses,
} from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type { LocalizedText } from '@mawid/contracts/gen/mawid/type/v1/localized_text_pb.js';
import { toSearchText } from '../domain/search-text.ts';
import { errors } from '../errors.ts';
import { approvalPolicy, paymentPolicy, prayer } from '../messages/enums.ts';

/** The two columns of a text. */
export function textColumns<N extends string>(
  name: N,
  text: LocalizedText | undefined,
): Record<`${N}Ar` | `${N}En`, string> {
  const columns = { [`${name}Ar`]: text?.ar ?? '', [`${name}En`]: text?.en ?? '' };
  return columns as Record<`${N}Ar` | `${N}En`, string>;
}

type SearchedTexts = Record<`${'name' | 'description' | 'city'}${'Ar' | 'En'}`, string>;

/** The folded copies of a salon's texts. */
export function searchColumns(texts: SearchedTexts) {
  const { nameAr, nameEn, descriptionAr, descriptionEn, cityAr, cityEn } = texts;
  return {
    searchText: toSearchText(nameAr, nameEn, descriptionAr, descriptionEn),
    searchCities: [toSearchText(cityAr), toSearchText(cityEn)],
  };
}

/** The policies; a salon that names no cancellation policy keeps half the price in the last day, all of who does not come. */
export function policyColumns(policies: {
  readonly paymentPolicy: PaymentPolicy;
  readonly cancellationPolicy?: CancellationPolicy | undefined;
}) {
  return {
    paymentPolicy: paymentPolicy.toWord(policies.paymentPolicy) ?? 'at_salon',
    freeUntilHours: policies.cancellationPolicy?.freeUntilHours ?? 24,
    lateFeePercent: policies.cancellationPolicy?.lateFeePercent ?? 50,
    noShowFeePercent: policies.cancellationPolicy?.noShowFeePercent ?? 100,
  };
}

/** The rules, with the contract's meaning of 0. */
export function ruleColumns(rules: BookingRules | undefined) {
  return {
    slotStepMinutes: rules?.slotStepMinutes || 15,
    minNoticeMinutes: rules?.minNoticeMinutes ?? 0,
    maxAdvanceDays: rules?.maxAdvanceDays || 90,
    maxOpenBookings: rules?.maxOpenBookings || 10,
    approvalPolicy: approvalPolicy.toWord(rules?.approvalPolicy ?? 0) ?? 'automatic',
    approvalMinutes: rules?.approvalMinutes || 720,
  };
}

/** The pauses, with the contract's meaning of 0; without prayers there are none. */
export function prayerColumns(pauses: PrayerPauses | undefined) {
  const prayers = (pauses?.prayers ?? []).flatMap((each) => prayer.toWord(each) ?? []);
  return { prayers, prayerMinutes: prayers.length === 0 ? 0 : pauses?.lengthMinutes || 20 };
}

/** Where the salon is. */
export function placeColumns(place: Place | undefined) {
  return { latitude: place?.latitude ?? null, longitude: place?.longitude ?? null };
}

/** Prayer times depend on the place: throws PLACE_REQUIRED. */
export function assertPlaceKnown(columns: {
  readonly prayers: readonly string[];
  readonly latitude: number | null;
}): void {
  if (columns.prayers.length > 0 && columns.latitude === null) throw errors.placeRequired();
}
