import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { headersOf } from '@mawid/service-kit/testing';
import { as, type Bench, openBench, type Person, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

// Who may call what is in rights-matrix.test.ts; here is what those who may are shown.
let bench: Bench;
let salon: MadeSalon;
let bookingId: string;

beforeAll(async () => {
  bench = await openBench();
  salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE, staff: [undefined, undefined] });
  const items = [{ serviceId: salon.serviceIds[0] ?? '', staffId: salon.staffIds[0] ?? '' }];
  const startAt = timestampFromDate(new Date('2026-11-23T07:00:00Z'));
  const wish = { salonId: salon.id, items, startAt };
  bookingId = (await bench.bookings.createBooking(wish, as(person('customer')))).id;
});
afterAll(() => bench?.close());

describe('who may do what', () => {
  it('answers notify and payments, and nobody else, where a booking stands', async () => {
    const ask = (options: { headers: Headers }) => bench.internal.getBookingState({ bookingId }, options);
    const from = (peer: string) => ask({ headers: headersOf({ peer }) });
    expect(await from('notify')).toMatchObject({ version: 1n });
    const peers = ['payments', 'identity', 'gateway'].map((peer) => refusalOf(from(peer)));
    expect(await Promise.all(peers)).toEqual(['none', 'PERMISSION_DENIED', 'PERMISSION_DENIED']);
    for (const who of [undefined, salon.manager, person('admin')]) {
      expect(await refusalOf(ask(as(who)))).toBe('PERMISSION_DENIED');
    }
  });

  it('shows each staff member their own calendar only', async () => {
    const seen = async (who: Person | undefined) =>
      (await bench.bookings.listBookings({ salonId: salon.id }, as(who))).bookings.length;
    expect([await seen(salon.staff[0]), await seen(salon.staff[1]), await seen(salon.manager)]).toEqual([1, 0, 1]);
  });

  it('shows nothing any more to staff who have left, not even what they did', async () => {
    const left = salon.staff[0];
    const force = (deletedAt: string) =>
      bench.ctx.database.query({
        name: '',
        text: `UPDATE staff_members SET deleted_at = ${deletedAt} WHERE id = $1`,
        values: [salon.staffIds[0]],
      });
    await force('now()');
    expect(await refusalOf(bench.bookings.getBooking({ bookingId }, as(left)))).toBe('NOT_FOUND');
    expect(await refusalOf(bench.bookings.checkInBooking({ bookingId }, as(left)))).toBe('NOT_FOUND');
    expect(await refusalOf(bench.bookings.listBookings({ salonId: salon.id }, as(left)))).toBe('PERMISSION_DENIED');
    await force('NULL');
    expect(await refusalOf(bench.bookings.getBooking({ bookingId }, as(left)))).toBe('none');
  });

  it('shows who signs in as a staff member to the salon only', async () => {
    const staffId = salon.staffIds[0] ?? '';
    const seen = async (who: Person | undefined) => (await bench.catalog.getStaffMember({ staffId }, as(who))).userId;
    expect([await seen(undefined), await seen(salon.manager)]).toEqual(['', salon.staff[0]?.userId]);
  });
});
