import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import {
  BookingCancelledSchema,
  BookingConfirmedSchema,
  BookingHeldSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import {
  type Booking,
  BookingSchema,
  CancellationSchema,
  CancelledBy,
} from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { RefundSucceededSchema } from '@mawid/contracts/gen/mawid/payments/events/v1/events_pb.js';
import { MoneySchema } from '@mawid/contracts/gen/mawid/type/v1/money_pb.js';
import { toCancelledDraft, toConfirmedDraft, toHeldDraft, toRefundDraft } from './drafts.ts';

const at = new Date('2026-11-22T09:00:00Z');
const time = (text: string) => timestampFromDate(new Date(text));

const riyals = (amount: bigint) => create(MoneySchema, { amount, currency: 'SAR' });

function booking(more: Partial<Booking> = {}): Booking {
  const salonName = { ar: 'صالون', en: 'Salon' };
  const startAt = time('2026-11-25T15:30:00Z');
  const made = create(BookingSchema, { id: 'b1', customerId: 'u1', salonName, timeZone: 'Asia/Riyadh', startAt });
  return Object.assign(made, more);
}

function cancelled(refund: bigint, paid: bigint, cancelledBy = CancelledBy.CUSTOMER) {
  const message = create(BookingCancelledSchema, {
    booking: booking({ amountPaid: riyals(paid), cancellation: create(CancellationSchema, { cancelledBy }) }),
    version: 3n,
    refundDue: riyals(refund),
  });
  return toCancelledDraft(message, at);
}

describe('drafts', () => {
  it('makes one message per booking, kind and version', () => {
    const draft = toConfirmedDraft(create(BookingConfirmedSchema, { booking: booking(), version: 2n }), at);
    expect(draft).toEqual({
      businessKey: 'booking_confirmed:b1:2',
      userId: 'u1',
      bookingId: 'b1',
      bookingVersion: 2n,
      expiresAt: new Date('2026-11-25T15:30:00Z'),
      facts: {
        kind: 'booking_confirmed',
        salonName: { ar: 'صالون', en: 'Salon' },
        startAt: '2026-11-25T15:30:00.000Z',
        timeZone: 'Asia/Riyadh',
      },
    });
  });

  it('gives the confirmation of a booking for right now an hour', () => {
    const soon = booking({ startAt: time('2026-11-22T09:05:00Z') });
    const draft = toConfirmedDraft(create(BookingConfirmedSchema, { booking: soon, version: 2n }), at);
    expect(draft.expiresAt).toEqual(new Date('2026-11-22T10:00:00Z'));
  });

  it('asks for payment only while the hold lasts', () => {
    const held = booking({
      holdExpiresAt: time('2026-11-22T09:10:00Z'),
      amountDue: riyals(11_500n),
    });
    const draft = toHeldDraft(create(BookingHeldSchema, { booking: held, version: 1n }));
    expect(draft.expiresAt).toEqual(new Date('2026-11-22T09:10:00Z'));
    expect(draft.facts).toMatchObject({ kind: 'booking_held', amountDue: { amount: '11500', currency: 'SAR' } });
  });

  it.each([
    [5_000n, 10_000n, 'due'],
    [0n, 10_000n, 'kept'],
    [0n, 0n, 'nothing_paid'],
  ])('tells a refund of %d out of %d as %s', (refund, paid, expected) => {
    expect(cancelled(refund, paid).facts).toMatchObject({ refund: expected });
  });

  it.each([
    [CancelledBy.CUSTOMER, 'customer'],
    [CancelledBy.SALON, 'salon'],
    [CancelledBy.OPERATOR, 'operator'],
  ])('tells who cancelled: %d is %s', (by, expected) => {
    expect(cancelled(0n, 0n, by).facts).toMatchObject({ by: expected });
  });

  it('binds a refund to no version of the booking', () => {
    const event = create(RefundSucceededSchema, {
      ...{ refundId: 'r1', bookingId: 'b1', customerId: 'u1' },
      amount: riyals(5_000n),
    });
    const draft = toRefundDraft(event, at);
    expect(draft).toMatchObject({ businessKey: 'refund_succeeded:r1', userId: 'u1', bookingId: 'b1' });
    expect(draft.bookingVersion).toBeUndefined();
  });

  it('throws for an event without its booking', () => {
    expect(() => toConfirmedDraft(create(BookingConfirmedSchema, { version: 1n }), at)).toThrow('no booking');
  });
});
