import { describe, expect, it } from '@jest/globals';
import { before, bookingOf, itemOf, start } from './booking.test-support.ts';
import type { Calendar, CalendarService, CalendarStaff } from './calendar.ts';
import type { Interval } from './interval.ts';
import { decideMove, type MoveWish, planMove } from './plan-move.ts';

const hour = 3_600_000;
const now = before(48);
const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: 0, closes: 1440 }));
const from = (hours: number): Interval => ({
  from: start.getTime() + hours * hour,
  to: start.getTime() + (hours + 1) * hour,
});

function staffOf(id: string, changes: Partial<CalendarStaff> = {}): CalendarStaff {
  const hours = { weekly: week, dates: new Map(), seasons: new Map() };
  return { id, name: { ar: id, en: id }, serviceIds: ['cut'], gender: 'female', hours, busy: [], ...changes };
}

const cut: CalendarService = {
  ...{ id: 'cut', isOffered: true, name: { ar: 'قص', en: 'Cut' }, durationMinutes: 60 },
  ...{ bufferBeforeMinutes: 0, bufferAfterMinutes: 0, priceAmount: 99n, currency: 'SAR' },
  ...{ audience: 'everyone', staffGender: undefined, needs: [['r1', 'r2']] },
};

function calendarOf(staff: CalendarStaff[], busyRoom: Interval[] = []): Calendar {
  return {
    salon: {
      ...{ id: 's', name: { ar: 'ص', en: 's' }, timeZone: 'Asia/Riyadh', isPublished: true, calendarVersion: 1 },
      ...{ audience: 'everyone', paymentPolicy: 'in_advance', slotStepMinutes: 15, minNoticeMinutes: 0 },
      cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 },
      ...{ maxAdvanceDays: 90, maxOpenBookings: 10, approvalPolicy: 'automatic', approvalMinutes: 720 },
      hours: { weekly: week, dates: new Map(), seasons: [] },
    },
    services: [cut],
    staff,
    resources: [
      { id: 'r1', busy: busyRoom },
      { id: 'r2', busy: [] },
    ],
  };
}

const wishOf = (changes: Partial<MoveWish> = {}): MoveWish => ({
  ...{ startAt: from(2).from, isBySalon: false, isOverride: false },
  ...changes,
});

/** Who does it after the move and with what, else why it cannot be. */
function tryMove(calendar: Calendar, item: Parameters<typeof itemOf>[0], wish: MoveWish = wishOf()): string {
  const genders = new Map([['sara', 'female' as const]]);
  const plan = planMove(calendar, bookingOf({ items: [itemOf(item)] }), { wish, now, genders });
  if ('refusal' in plan) return plan.refusal;
  return plan.items.map(({ staff, resources }) => [staff.id, ...resources.map(({ id }) => id)].join(' ')).join(', ');
}

describe('planMove', () => {
  const any = { isAnyStaff: true };
  const sara = staffOf('sara');
  const away = staffOf('sara', { busy: [from(2)] });
  const twice = staffOf('huda', { busy: [from(4), from(6)] });
  const once = staffOf('mona', { busy: [from(4)] });

  it.each([
    ['keeps who was chosen', calendarOf([twice, sara]), {}, wishOf(), 'sara r1'],
    ['keeps who has it where it was left open', calendarOf([once, sara]), any, wishOf(), 'sara r1'],
    ['gives what was left open to who has least to do', calendarOf([away, twice, once]), any, wishOf(), 'mona r1'],
    ['does not replace who was chosen', calendarOf([away, once]), {}, wishOf(), 'SLOT_TAKEN'],
    ['replaces whom the wish names', calendarOf([sara, once]), {}, wishOf({ staffIds: ['mona'] }), 'mona r1'],
    ['takes anyone where the wish says so', calendarOf([away, once]), {}, wishOf({ staffIds: [undefined] }), 'mona r1'],
    ['keeps the room it has', calendarOf([sara]), { resourceIds: ['r2'] }, wishOf(), 'sara r2'],
    ['takes another room', calendarOf([sara], [from(2)]), { resourceIds: ['r1'] }, wishOf(), 'sara r2'],
    ['knows who is gone', calendarOf([once]), {}, wishOf(), 'STAFF_NOT_AVAILABLE'],
    [
      'asks nobody who does not do it',
      calendarOf([away, staffOf('rim', { serviceIds: [] })]),
      any,
      wishOf(),
      'SLOT_TAKEN',
    ],
    ['keeps who does not do it any more', calendarOf([staffOf('sara', { serviceIds: [] })]), {}, wishOf(), 'sara r1'],
    ['stays with the gender', calendarOf([away, staffOf('ali', { gender: 'male' })]), any, wishOf(), 'SLOT_TAKEN'],
    [
      'stays with the gender of who is gone',
      calendarOf([staffOf('ali', { gender: 'male' })]),
      any,
      wishOf(),
      'STAFF_NOT_AVAILABLE',
    ],
  ] as const)('%s', (_, calendar, item, wish, expected) => expect(tryMove(calendar, item, wish)).toBe(expected));

  it('moves for a salon that takes no bookings, but not for its customers', () => {
    const calendar = calendarOf([sara]);
    const closed = { ...calendar, salon: { ...calendar.salon, isPublished: false } };
    expect(tryMove(closed, {}, wishOf())).toBe('SALON_NOT_BOOKABLE');
    expect(tryMove(closed, {}, wishOf({ isBySalon: true }))).toBe('sara r1');
  });

  it('moves what is not offered any more', () => {
    const calendar = { ...calendarOf([sara]), services: [{ ...cut, isOffered: false }] };
    expect(tryMove(calendar, {})).toBe('sara r1');
  });

  it('sets notice, advance and grid aside on an override, and nobody else', () => {
    const startAt = start.getTime() + 200 * 24 * hour + 1;
    expect(tryMove(calendarOf([sara]), {}, wishOf({ startAt }))).toBe('START_OFF_GRID');
    expect(tryMove(calendarOf([sara]), {}, wishOf({ startAt, isOverride: true }))).toBe('sara r1');
    expect(tryMove(calendarOf([away]), {}, wishOf({ isOverride: true }))).toBe('SLOT_TAKEN');
  });

  it('moves nothing into the past, whatever is set aside', () => {
    const at = (startAt: number) =>
      tryMove(calendarOf([sara]), {}, wishOf({ startAt, isBySalon: true, isOverride: true }));
    expect(at(now.getTime() - 1)).toBe('TOO_SHORT_NOTICE');
    expect(at(now.getTime())).toBe('sara r1');
  });

  it('refuses a moment that cannot be counted with', () => {
    expect(tryMove(calendarOf([sara]), {}, wishOf({ startAt: Number.NaN }))).toBe('START_OFF_GRID');
  });
});

describe('decideMove', () => {
  it('freezes price and name, follows time and staff, and never lets a wait outlast the start', () => {
    const waiting = bookingOf({ state: 'pending_approval', approvalExpiresAt: start });
    const wish = wishOf({ startAt: from(-2).from });
    const calendar = calendarOf([staffOf('sara', { name: { ar: 'س', en: 'Sarah' } })]);
    const plan = planMove(calendar, waiting, { wish, now, genders: new Map() });
    const decision = 'items' in plan && decideMove(waiting, plan.items, { wish, now });
    const [startAt, endAt] = [new Date(from(-2).from), new Date(from(-2).to)];
    expect(decision).toMatchObject({
      move: 'reschedule',
      booking: {
        ...{ state: 'pending_approval', version: 4, rescheduleCount: 1, startAt, endAt, approvalExpiresAt: startAt },
        ...{ totalAmount: waiting.totalAmount, isOverridden: false },
        items: [{ startAt, endAt, priceAmount: 10_001n, serviceName: { en: 'Cut' }, staffName: { en: 'Sarah' } }],
      },
    });
  });
});
