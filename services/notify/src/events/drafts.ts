import { timestampDate } from '@bufbuild/protobuf/wkt';
import type {
  BookingCancelled,
  BookingConfirmed,
  BookingHeld,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { type Booking, CancelledBy } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import type { RefundSucceeded } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import type { Money } from '@mawid/contracts/gen/mawid/type/v1/money_pb.js';
import type { AppointmentFacts, BookingCancelledFacts, MoneyFact } from '../domain/facts.ts';
import type { BookingDraft } from '../domain/text-draft.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** "Pay now". Throws for an event that lacks what the text needs. */
export function toHeldDraft({ booking: given, version }: BookingHeld): BookingDraft {
  const booking = requirePart(given, 'booking');
  const payBefore = timestampDate(requirePart(booking.holdExpiresAt, 'hold_expires_at'));
  const amountDue = toMoneyFact(requirePart(booking.amountDue, 'amount_due'));
  return {
    ...toBookingDraft(booking, version),
    businessKey: `booking_held:${booking.id}:${version}`,
    facts: { kind: 'booking_held', ...toAppointment(booking), amountDue, payBefore: payBefore.toISOString() },
    expiresAt: payBefore,
  };
}

/** "It stands". `at` is when the fact came about. */
export function toConfirmedDraft({ booking: given, version }: BookingConfirmed, at: Date): BookingDraft {
  const booking = requirePart(given, 'booking');
  return {
    ...toBookingDraft(booking, version),
    businessKey: `booking_confirmed:${booking.id}:${version}`,
    facts: { kind: 'booking_confirmed', ...toAppointment(booking) },
    // After the visit nobody needs it; a booking for right now still gets its hour.
    expiresAt: new Date(Math.max(startOf(booking).getTime(), at.getTime() + hourMs)),
  };
}

/** "It is off". `at` is when the fact came about. */
export function toCancelledDraft({ booking: given, version, refundDue }: BookingCancelled, at: Date): BookingDraft {
  const booking = requirePart(given, 'booking');
  const due = toMoneyFact(refundDue);
  const facts: BookingCancelledFacts = {
    kind: 'booking_cancelled',
    ...toAppointment(booking),
    by: toCanceller(booking),
    refund: due.amount !== '0' ? 'due' : (booking.amountPaid?.amount ?? 0n) > 0n ? 'kept' : 'nothing_paid',
    refundDue: due,
  };
  return {
    ...toBookingDraft(booking, version),
    businessKey: `booking_cancelled:${booking.id}:${version}`,
    facts,
    expiresAt: new Date(at.getTime() + dayMs),
  };
}

/** "The money is back". True whatever becomes of the booking, so it is bound to no version. */
export function toRefundDraft({ refundId, bookingId, customerId, amount }: RefundSucceeded, at: Date): BookingDraft {
  return {
    businessKey: `refund_succeeded:${refundId}`,
    facts: { kind: 'refund_succeeded', amount: toMoneyFact(requirePart(amount, 'amount')) },
    userId: customerId,
    bookingId,
    expiresAt: new Date(at.getTime() + 3 * dayMs),
  };
}

function toBookingDraft({ id, customerId }: Booking, version: bigint) {
  return { userId: customerId, bookingId: id, bookingVersion: version };
}

function toAppointment(booking: Booking): AppointmentFacts {
  const { ar, en } = requirePart(booking.salonName, 'salon_name');
  const { timeZone } = booking;
  return { salonName: { ar, en }, startAt: startOf(booking).toISOString(), timeZone: timeZone || 'Asia/Riyadh' };
}

function startOf(booking: Booking): Date {
  return timestampDate(requirePart(booking.startAt, 'start_at'));
}

function toCanceller({ cancellation }: Booking): BookingCancelledFacts['by'] {
  if (cancellation?.cancelledBy === CancelledBy.CUSTOMER) return 'customer';
  return cancellation?.cancelledBy === CancelledBy.SALON ? 'salon' : 'operator';
}

function toMoneyFact(money: Money | undefined): MoneyFact {
  return { amount: String(money?.amount ?? 0n), currency: money?.currency || 'SAR' };
}

function requirePart<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`the event has no ${name}`);
  return part;
}
