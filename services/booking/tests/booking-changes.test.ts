import { create } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Booking, BookingSource, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { onUserErased } from '../src/events/on-user-erased.ts';
import { expireHolds } from '../src/jobs/expire-holds.ts';
import { forgetGuests } from '../src/jobs/forget-guests.ts';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { at, book, capture, sql, usualStart, wantApproval } from './support/life.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const minute = 60_000;
const later = (minutes: number) => new Date(Date.parse(usualStart) + minutes * minute);

const changesOf = async (bookingId: string, who: Person) =>
  (await bench.bookings.listBookingChanges({ bookingId }, as(who))).changes;

async function erase({ userId }: Person): Promise<void> {
  const message = create(UserErasedSchema, { userId, version: 9n });
  const envelope = { id: uuidv7(), subject: '', time: new Date(), aggregateId: userId, aggregateVersion: 9 };
  await bench.ctx.database.transaction((tx) => onUserErased(bench.ctx)(tx, { ...envelope, message, deliveryCount: 1 }));
}

describe('ListBookingChanges', () => {
  it('tells what happened, who did it and why, oldest first', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const who = person('customer');
    const { id } = await book(bench, salon, { who });
    await capture(bench, id);
    const startAt = at(later(60));
    await bench.bookings.rescheduleBooking({ bookingId: id, startAt, reason: 'work' }, as(who));
    bench.clock.set(later(60));
    await bench.bookings.checkInBooking({ bookingId: id }, as(salon.staff[0] as Person));
    const admin = person('admin');
    await bench.bookings.completeBooking({ bookingId: id }, as(admin));
    const changes = await changesOf(id, salon.manager);
    expect(
      changes.map(({ version, move, actor, reason }) => `${version} ${move} ${actor} ${reason}`.trimEnd()),
    ).toEqual([
      '1 create customer',
      '2 pay system',
      '3 reschedule customer work',
      '4 check_in staff',
      '5 complete admin',
    ]);
    const { CONFIRMED, HELD, CHECKED_IN, COMPLETED } = BookingState;
    expect(changes.map(({ state }) => state)).toEqual([HELD, CONFIRMED, CONFIRMED, CHECKED_IN, COMPLETED]);
    expect(changes.map(({ actorId }) => actorId)).toEqual([
      who.userId,
      '',
      who.userId,
      salon.staff[0]?.userId,
      admin.userId,
    ]);
    expect(changes.map(({ startAt }) => startAt && timestampDate(startAt))).toEqual([
      ...[later(0), later(0)],
      ...[later(60), later(60), later(60)],
    ]);
    expect(changes.at(-1)?.at).toEqual(at(later(60)));
  });

  it('tells of what happened by itself', async () => {
    const salon = await makeSalon(bench, { paymentPolicy: PaymentPolicy.IN_ADVANCE });
    const { id } = await book(bench, salon);
    bench.clock.advance(10 * minute);
    await expireHolds(bench.ctx, new AbortController().signal);
    const last = (await changesOf(id, person('admin'))).at(-1);
    expect(last).toMatchObject({
      version: 2n,
      move: 'expire',
      actor: 'system',
      actorId: '',
      state: BookingState.EXPIRED,
    });
  });

  it('is shown to the salon and to admins', async () => {
    const salon = await makeSalon(bench);
    const who = person('customer');
    const { id } = await book(bench, salon, { who });
    expect(await refusalOf(changesOf(id, who))).toBe('PERMISSION_DENIED');
    expect(await refusalOf(changesOf(id, salon.staff[0] as Person))).toBe('PERMISSION_DENIED');
    expect(await refusalOf(changesOf(id, person('manager')))).toBe('NOT_FOUND');
    expect(await refusalOf(changesOf(uuidv7(), person('admin')))).toBe('NOT_FOUND');
    expect(await changesOf(id, person('admin'))).toEqual(await changesOf(id, salon.manager));
  });

  it('forgets the words of a person who is erased, also those that come later', async () => {
    const salon = await makeSalon(bench);
    await wantApproval(bench, salon);
    const who = person('customer');
    const [declined, standing] = [
      await book(bench, salon, { who }),
      await book(bench, salon, { who, start: later(60) }),
    ];
    const reason = 'Noura of 12 King Fahd Road';
    await bench.bookings.declineBooking({ bookingId: declined.id, reason }, as(salon.manager));
    await erase(who);
    await bench.bookings.declineBooking({ bookingId: standing.id, reason }, as(salon.manager));
    for (const { id } of [declined, standing]) {
      expect((await changesOf(id, salon.manager)).map((change) => change.reason)).toEqual(['', '']);
      const read = await bench.bookings.getBooking({ bookingId: id }, as(salon.manager));
      expect(read.decline).toMatchObject({ reason: '', byDeadline: false });
    }
  });
});

describe('forget-guests', () => {
  const day = 24 * 60 * minute;
  const forget = () => forgetGuests(bench.ctx, new AbortController().signal);

  it('takes the names, numbers and notes of guests once the visit is long over', async () => {
    const salon = await makeSalon(bench);
    const [serviceId = ''] = salon.serviceIds;
    const enter = (start: Date) =>
      bench.bookings.createBooking(
        {
          ...{ salonId: salon.id, items: [{ serviceId }], startAt: at(start), customerNote: 'Noura likes tea' },
          ...{ source: BookingSource.SALON, guest: { name: 'Noura', phoneNumber: '+966500000007' } },
        },
        as(salon.manager),
      );
    const [old, recent] = [await enter(later(0)), await enter(later(120))];
    const customer = await book(bench, salon, { start: later(240) });
    const read = ({ id }: Booking) => bench.bookings.getBooking({ bookingId: id }, as(salon.manager));
    bench.clock.set(new Date(later(60).getTime() + 90 * day));
    await forget();
    expect(await read(old)).toEqual(old);
    bench.clock.advance(minute);
    await Promise.all([forget(), forget()]);
    const guest = { ...old.guest, name: 'ضيف · Guest', phoneNumber: '' };
    expect(await read(old)).toEqual({ ...old, guest, customerNote: '' });
    expect(await read(recent)).toEqual(recent);
    expect(await read(customer)).toEqual(customer);
    await forget();
    const count = await sql<{ left: number }>(
      bench,
      `SELECT count(*)::int AS left FROM bookings WHERE guest_phone IS NOT NULL`,
    );
    expect(count).toEqual([{ left: 1 }]);
  });

  it('takes what was said of guests when they were put off', async () => {
    const salon = await makeSalon(bench);
    const [serviceId = ''] = salon.serviceIds;
    const { id } = await bench.bookings.createBooking(
      {
        ...{ salonId: salon.id, items: [{ serviceId }], startAt: at(later(0)), source: BookingSource.SALON },
        ...{ guest: { name: 'Noura' }, override: true, overrideReason: 'Noura comes from the airport' },
      },
      as(salon.manager),
    );
    await bench.bookings.cancelBooking({ bookingId: id, reason: 'Noura is ill' }, as(salon.manager));
    bench.clock.set(new Date(later(61).getTime() + 90 * day));
    await forget();
    const { cancellation } = await bench.bookings.getBooking({ bookingId: id }, as(salon.manager));
    expect(cancellation?.reason).toBe('');
    expect((await changesOf(id, salon.manager)).map(({ reason }) => reason)).toEqual(['', '']);
  });
});
