import { BookingState, CancelledBy } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { Audience, Gender, PaymentPolicy, SalonState } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import type * as domain from '../domain/booking.ts';
import type * as states from '../domain/booking-state.ts';
import type * as calendar from '../domain/calendar.ts';

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

export const audience = pair<Audience, 'ladies' | 'men' | 'everyone'>({
  ladies: Audience.LADIES,
  men: Audience.MEN,
  everyone: Audience.EVERYONE,
});

export const gender = pair<Gender, 'female' | 'male'>({ female: Gender.FEMALE, male: Gender.MALE });

export const salonState = pair<SalonState, 'draft' | 'published'>({
  draft: SalonState.DRAFT,
  published: SalonState.PUBLISHED,
});
