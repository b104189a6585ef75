import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingSource, BookingState } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf, startOfTests } from './support/bench.ts';
import { countRows, createBooker, ten, type Wish } from './support/booker.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.set(startOfTests);
  salon = await makeSalon(bench, {
    staff: [undefined, undefined],
    paymentPolicy: PaymentPolicy.IN_ADVANCE,
    minNoticeMinutes: 60,
  });
});

const bySalon: Wish = { source: BookingSource.SALON, guest: { name: 'Noura', phoneNumber: '+966512345678' } };
const walkIn: Wish = { source: BookingSource.WALK_IN, startAt: '2026-11-22T09:07:00Z' };

async function readHistory(bookingId: string) {
  const { rows } = await bench.ctx.database.query({
    name: 'test.history',
    text: `SELECT version::int, move, state, actor, actor_id, reason, overridden FROM booking_changes WHERE booking_id = $1`,
    values: [bookingId],
  });
  return rows;
}

describe('what a salon enters', () => {
  it('stands at once, is paid there, and says who entered it for whom', async () => {
    await bench.ctx.prisma.salon.update({ where: { id: salon.id }, data: { approvalPolicy: 'by_salon' } });
    const booking = await book(salon, bySalon, salon.manager);
    expect(booking).toMatchObject({
      state: BookingState.CONFIRMED,
      source: BookingSource.SALON,
      customerId: '',
      guest: { name: 'Noura', phoneNumber: '+966512345678' },
      amountDue: { amount: 0n },
      paymentPolicy: PaymentPolicy.AT_SALON,
      overridden: false,
    });
    expect(await bench.bookings.getBooking({ bookingId: booking.id }, as(salon.manager))).toEqual(booking);
    const { userId } = salon.manager;
    const line = { version: 1, move: 'create', state: 'confirmed', reason: '', overridden: false };
    expect(await readHistory(booking.id)).toEqual([{ ...line, actor: 'manager', actor_id: userId }]);
    const row = await bench.ctx.prisma.booking.findUnique({ where: { id: booking.id } });
    expect(row?.createdBy).toBe(userId);
  });

  it('can be for somebody with an account, whose booking it is then', async () => {
    const who = person('customer');
    const booking = await book(salon, { source: BookingSource.SALON, customerId: who.userId }, person('admin'));
    expect(booking).toMatchObject({ customerId: who.userId, state: BookingState.CONFIRMED });
    expect(booking.guest).toBeUndefined();
    expect(await bench.bookings.getBooking({ bookingId: booking.id }, as(who))).toEqual(booking);
    expect(await readHistory(booking.id)).toMatchObject([{ actor: 'admin' }]);
  });

  it('keeps to the rules of the salon unless it sets them aside', async () => {
    const early = { ...bySalon, startAt: '2026-11-23T03:07:00Z' };
    expect(await refusalOf(book(salon, early, salon.manager))).toBe('START_OFF_GRID');
    expect(await refusalOf(book(salon, { ...bySalon, startAt: '2026-11-22T09:15:00Z' }, salon.manager))).toBe(
      'TOO_SHORT_NOTICE',
    );
    const set = { ...early, override: true, overrideReason: 'A bride' };
    const booking = await book(salon, set, salon.manager);
    expect(booking.overridden).toBe(true);
    expect(await readHistory(booking.id)).toMatchObject([{ overridden: true, reason: 'A bride', actor: 'manager' }]);
    const far = { ...set, startAt: '2028-01-01T03:00:00Z' };
    expect(await refusalOf(book(salon, far, salon.manager))).toBe('none');
  });

  it('never overlaps, whatever is set aside', async () => {
    const items = [{ serviceId: salon.serviceIds[0] ?? '', staffId: salon.staffIds[0] ?? '' }];
    await book(salon, { items });
    const set = { ...bySalon, items, override: true, overrideReason: 'A friend', startAt: '2026-11-23T07:59:00Z' };
    expect(await refusalOf(book(salon, set, salon.manager))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { ...walkIn, items, startAt: ten }, salon.manager))).toBe('SLOT_TAKEN');
  });

  it('takes walk-ins at any minute of the last hour, under a name if there is one', async () => {
    const booking = await book(salon, walkIn, salon.manager);
    expect(booking).toMatchObject({ source: BookingSource.WALK_IN, guest: { name: 'Walk-in', phoneNumber: '' } });
    const arabic = await book(salon, walkIn, salon.manager, { 'accept-language': 'ar-sa' });
    expect(arabic.guest?.name).toBe('زائر');
    const named = { ...walkIn, guest: { name: 'Huda' }, startAt: '2026-11-22T08:00:00Z' };
    expect((await book(salon, named, salon.manager)).guest?.name).toBe('Huda');
    const late = { ...walkIn, startAt: '2026-11-22T07:59:00Z' };
    expect(await refusalOf(book(salon, late, salon.manager))).toBe('TOO_SHORT_NOTICE');
    const closed = { ...walkIn, startAt: '2026-11-22T16:07:00Z' };
    expect(await refusalOf(book(salon, closed, salon.manager))).toBe('OUTSIDE_WORKING_HOURS');
  });

  it('is staff’s right for what they do themselves', async () => {
    const [first, second] = salon.staff as [typeof salon.manager, typeof salon.manager];
    const [serviceId = ''] = salon.serviceIds;
    const [, secondId = ''] = salon.staffIds;
    const own = await book(salon, walkIn, second);
    expect(own.items.map(({ staffId }) => staffId)).toEqual([secondId]);
    expect(await readHistory(own.id)).toMatchObject([{ actor: 'staff', actor_id: second.userId }]);
    const others = { ...bySalon, items: [{ serviceId }, { serviceId, staffId: secondId }] };
    expect(await refusalOf(book(salon, others, first))).toBe('PERMISSION_DENIED');
    expect(await refusalOf(book(salon, others, second))).toBe('none');
    const set = { ...bySalon, override: true, overrideReason: 'x' };
    expect(await refusalOf(book(salon, set, second))).toBe('PERMISSION_DENIED');
    await bench.ctx.prisma.staffMember.update({ where: { id: secondId }, data: { active: false } });
    expect(await refusalOf(book(salon, bySalon, second))).toBe('PERMISSION_DENIED');
  });

  it('is nobody else’s right, and writes nothing', async () => {
    const foreign = await makeSalon(bench);
    const draft = await makeSalon(bench, { isDraft: true });
    const who = person('customer');
    const set: Wish = { override: true, overrideReason: 'x' };
    const before = await countRows(bench);
    const cases: [string, Promise<unknown>][] = [
      ['PERMISSION_DENIED', book(salon, bySalon, who)],
      ['PERMISSION_DENIED', book(salon, walkIn, foreign.manager)],
      ['PERMISSION_DENIED', book(salon, walkIn, foreign.staff[0])],
      ['PERMISSION_DENIED', book(salon, { customerId: person('customer').userId }, who)],
      ['PERMISSION_DENIED', book(salon, { guest: { name: 'Noura' } }, salon.manager)],
      ['PERMISSION_DENIED', book(salon, set, who)],
      ['NOT_FOUND', book(draft, walkIn, who)],
      ['SALON_NOT_BOOKABLE', book(draft, walkIn, draft.manager)],
      ['VALIDATION_FAILED', book(salon, { ...bySalon, ...set, overrideReason: ' ' }, salon.manager)],
      ['VALIDATION_FAILED', book(salon, { source: BookingSource.SALON }, salon.manager)],
      ['VALIDATION_FAILED', book(salon, { ...bySalon, customerId: who.userId }, salon.manager)],
      ['VALIDATION_FAILED', book(salon, { ...bySalon, guest: { name: 'A', phoneNumber: '12' } }, salon.manager)],
    ];
    const answers = await Promise.all(cases.map(([, call]) => refusalOf(call)));
    expect(answers).toEqual(cases.map(([reason]) => reason));
    expect(await countRows(bench)).toEqual(before);
  });
});
