import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingCancelledSchema } from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { at, book, capture, facts, lastFact, usualStart } from './support/life.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
const beforeStart = (hours: number, ms = 0) => new Date(Date.parse(usualStart) - hours * 60 * minute + ms);

interface Paid {
  salon: MadeSalon;
  who: Person;
  booking: Booking;
}

/** A paid booking; cancelling it is free until a day before, then half of it is kept. */
async function pay(): Promise<Paid> {
  const salon = await makeSalon(bench, {
    paymentPolicy: PaymentPolicy.IN_ADVANCE,
    cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50 },
  });
  const who = person('customer');
  const booking = await book(bench, salon, { who });
  await capture(bench, booking.id);
  return { salon, who, booking };
}

const preview = ({ booking, who }: Paid, caller = who) =>
  bench.bookings.previewCancellation({ bookingId: booking.id }, as(caller));
const cancel = ({ booking, who }: Paid, previewId: string, caller = who) =>
  bench.bookings.cancelBooking({ bookingId: booking.id, previewId }, as(caller));

describe('PreviewCancellation', () => {
  it('tells what would be kept, until when it is free and how long the quote is good, and changes nothing', async () => {
    const paid = await pay();
    bench.clock.set(beforeStart(24));
    const free = await preview(paid);
    expect(free).toMatchObject({ fee: { amount: 0n, currency: 'SAR' }, refund: { amount: 10_000n } });
    expect(free.freeUntil && timestampDate(free.freeUntil)).toEqual(beforeStart(24));
    expect(free.validUntil && timestampDate(free.validUntil)).toEqual(beforeStart(24, 10 * minute));
    bench.clock.set(beforeStart(24, 1));
    const late = await preview(paid);
    expect(late).toMatchObject({ fee: { amount: 5_000n }, refund: { amount: 5_000n } });
    expect(late.freeUntil).toBeUndefined();
    expect(await preview(paid, paid.salon.manager)).toMatchObject({ fee: { amount: 0n }, refund: { amount: 10_000n } });
    expect(await facts(bench, paid.booking.id)).toEqual(['held', 'confirmed']);
  });

  it('is for those who may cancel, while it can be cancelled', async () => {
    const paid = await pay();
    expect(await refusalOf(preview(paid, paid.salon.staff[0]))).toBe('PERMISSION_DENIED');
    for (const who of [person('customer'), person('manager'), person('staff')]) {
      expect(await refusalOf(preview(paid, who))).toBe('NOT_FOUND');
    }
    bench.clock.set(beforeStart(0));
    expect(await refusalOf(preview(paid))).toBe('BOOKING_NOT_CANCELLABLE');
  });
});

describe('CancelBooking with a quote', () => {
  it('keeps and gives back just what was quoted, as long as the quote is good', async () => {
    const paid = await pay();
    bench.clock.set(beforeStart(24));
    const { previewId } = await preview(paid);
    bench.clock.set(beforeStart(24, 10 * minute));
    const cancelled = await cancel(paid, previewId);
    expect(cancelled.cancellation).toMatchObject({ fee: { amount: 0n }, refund: { amount: 10_000n } });
    const fact = await lastFact(bench, cancelled.id, BookingCancelledSchema);
    expect(fact).toMatchObject({ refundDue: { amount: 10_000n }, booking: cancelled });
    expect(await refusalOf(cancel(paid, previewId))).toBe('BOOKING_NOT_CANCELLABLE');
  });

  it('refuses quotes that are too old, of another booking, of somebody else or made up', async () => {
    const [paid, other] = [await pay(), await pay()];
    bench.clock.set(beforeStart(24));
    const quotes = [await preview(other), await preview(paid, paid.salon.manager)];
    const own = await preview(paid);
    const [payload = '', signature = ''] = own.previewId.split('.');
    const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('10000', '99999')).toString(
      'base64url',
    );
    const ids = [...quotes.map(({ previewId }) => previewId), `${forged}.${signature}`, 'x', `${own.previewId}x`];
    for (const id of ids) expect(await refusalOf(cancel(paid, id))).toBe('PREVIEW_INVALID');
    bench.clock.set(beforeStart(24, 10 * minute + 1));
    expect(await refusalOf(cancel(paid, own.previewId))).toBe('PREVIEW_INVALID');
    expect(await facts(bench, paid.booking.id)).toEqual(['held', 'confirmed']);
    expect(await refusalOf(cancel(paid, ''))).toBe('none');
  });

  it('refuses a quote of the booking as it was before', async () => {
    const paid = await pay();
    const { previewId } = await preview(paid);
    const startAt = at(new Date(Date.parse(usualStart) + 60 * minute));
    await bench.bookings.rescheduleBooking({ bookingId: paid.booking.id, startAt }, as(paid.who));
    expect(await refusalOf(cancel(paid, previewId))).toBe('PREVIEW_INVALID');
  });
});
