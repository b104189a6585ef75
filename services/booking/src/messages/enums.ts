import { BookingSource, BookingState, CancelledBy } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import {
  ApprovalPolicy,
  Audience,
  Gender,
  PaymentPolicy,
  Prayer,
  ResourceKind,
  SalonState,
} from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { TimeBlockKind } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import type * as domain from '../domain/booking.ts';
import type * as states from '../domain/booking-state.ts';
import type * as calendar from '../domain/calendar.ts';
import type * as hours from '../domain/hours.ts';

/** A proto enum and the words for it in the domain and the database; `unspecified` has no word. */
interface EnumWords<E extends number, W extends string> {
  toEnum(word: W): E;
  toWord(value: E): W | undefined;
}

function pair<E extends number, W extends string>(table: Record<W, E>): EnumWords<E, W> {
  const words = new Map(Object.entries(table).map(([word, value]) => [value as E, word as W]));
  return { toEnum: (word) => table[word], toWord: (value) => words.get(value) };
}

export const bookingState = pair<BookingState, states.BookingState>({
  held: BookingState.HELD,
  confirmed: BookingState.CONFIRMED,
  cancelled: BookingState.CANCELLED,
  expired: BookingState.EXPIRED,
  pending_approval: BookingState.PENDING_APPROVAL,
  checked_in: BookingState.CHECKED_IN,
  completed: BookingState.COMPLETED,
  no_show: BookingState.NO_SHOW,
  declined: BookingState.DECLINED,
});

export const cancelledBy = pair<CancelledBy, domain.CancelledBy>({
  customer: CancelledBy.CUSTOMER,
  salon: CancelledBy.SALON,
  operator: CancelledBy.OPERATOR,
});

export const paymentPolicy = pair<PaymentPolicy, calendar.PaymentPolicy>({
  at_salon: PaymentPolicy.AT_SALON,
  in_advance: PaymentPolicy.IN_ADVANCE,
});

export const bookingSource = pair<BookingSource, domain.BookingSource>({
  customer: BookingSource.CUSTOMER,
  salon: BookingSource.SALON,
  walk_in: BookingSource.WALK_IN,
});

export const approvalPolicy = pair<ApprovalPolicy, calendar.ApprovalPolicy>({
  automatic: ApprovalPolicy.AUTOMATIC,
  by_salon: ApprovalPolicy.BY_SALON,
});

export const prayer = pair<Prayer, hours.Prayer>({
  fajr: Prayer.FAJR,
  dhuhr: Prayer.DHUHR,
  asr: Prayer.ASR,
  maghrib: Prayer.MAGHRIB,
  isha: Prayer.ISHA,
});

export const resourceKind = pair<ResourceKind, 'room' | 'chair' | 'equipment'>({
  room: ResourceKind.ROOM,
  chair: ResourceKind.CHAIR,
  equipment: ResourceKind.EQUIPMENT,
});

export const timeBlockKind = pair<TimeBlockKind, 'time_off' | 'block'>({
  time_off: TimeBlockKind.TIME_OFF,
  block: TimeBlockKind.BLOCK,
});

export const audience = pair<Audience, calendar.Audience>({
  ladies: Audience.LADIES,
  men: Audience.MEN,
  everyone: Audience.EVERYONE,
});

export const gender = pair<Gender, calendar.Gender>({ female: Gender.FEMALE, male: Gender.MALE });

export const salonState = pair<SalonState, 'draft' | 'published'>({
  draft: SalonState.DRAFT,
  published: SalonState.PUBLISHED,
});
