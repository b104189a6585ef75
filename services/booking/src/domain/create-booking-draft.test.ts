import { describe, expect, it } from '@jest/globals';
import type { CalendarSalon, CalendarService } from './calendar.ts';
import { assignItems, type BookingRequest, createBookingDraft } from './create-booking-draft.ts';
import type { FreeItem } from './decide-start.ts';

const now = new Date('2026-11-22T09:00:00Z');
const start = Date.parse('2026-11-23T07:00:00Z');
const minute = 60_000;

const salon: CalendarSalon = {
  ...{
    id: 'salon',
    name: { ar: 'صالون', en: 'Salon' },
    timeZone: 'Asia/Riyadh',
    isPublished: true,
    calendarVersion: 3,
  },
  ...{ audience: 'everyone', paymentPolicy: 'in_advance', approvalPolicy: 'automatic', approvalMinutes: 720 },
  cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 },
  ...{ slotStepMinutes: 15, minNoticeMinutes: 0, maxAdvanceDays: 90, maxOpenBookings: 10 },
  hours: { weekly: [], dates: new Map(), seasons: [] },
};
const sara = { id: 'sara', name: { ar: 'سارة', en: 'Sara' }, serviceIds: [], gender: undefined, busy: [] };
const staff = { ...sara, hours: { weekly: [], dates: new Map(), seasons: new Map() } };

function item(from: number, priceAmount: bigint): FreeItem {
  const service: CalendarService = {
    ...{ id: 'service', isOffered: true, name: { ar: 'قص', en: 'Cut' }, durationMinutes: 30, bufferBeforeMinutes: 5 },
    ...{ bufferAfterMinutes: 5, priceAmount, currency: 'SAR', audience: 'everyone', staffGender: undefined, needs: [] },
  };
  const span = { from, to: from + 30 * minute };
  const claim = { from: span.from - 5 * minute, to: span.to + 5 * minute };
  return {
    item: { service, candidates: [staff], needs: [], isAnyStaff: true },
    span,
    claim,
    free: [staff],
    freeResources: [],
  };
}

const request: BookingRequest = {
  id: 'b',
  customerId: 'c',
  source: 'customer',
  isOverridden: false,
  customerNote: 'n',
};
const visit = [item(start, 10_000n), item(start + 30 * minute, 5_000n)];
const draft = (own: Partial<CalendarSalon> = {}, wish: Partial<BookingRequest> = {}, items = visit) =>
  createBookingDraft({ ...salon, ...own }, items, { ...request, ...wish, now, holdMinutes: 10 });

describe('createBookingDraft', () => {
  it('is held where the salon is paid in advance, until it must be paid', () => {
    const held = { state: 'held', amountDue: 15_000n, holdExpiresAt: new Date('2026-11-22T09:10:00Z'), amountPaid: 0n };
    expect(draft()).toMatchObject({ ...held, totalAmount: 15_000n, paymentPolicy: 'in_advance' });
    expect(draft()).toMatchObject({ startAt: new Date(start), endAt: new Date(start + 60 * minute), version: 1 });
  });

  it('stands at once where nothing is to be paid first', () => {
    const standing = { state: 'confirmed', amountDue: 0n };
    expect(draft({ paymentPolicy: 'at_salon' })).toMatchObject({ ...standing, paymentPolicy: 'at_salon' });
    expect(draft({}, {}, [item(start, 0n)])).toMatchObject({ ...standing, paymentPolicy: 'in_advance' });
    expect(draft({ paymentPolicy: 'at_salon' }).holdExpiresAt).toBeUndefined();
  });

  it('waits for a salon that wants to approve, and what is due stays due', () => {
    const waiting = { state: 'pending_approval', amountDue: 15_000n };
    const twelve = { ...waiting, approvalExpiresAt: new Date('2026-11-22T21:00:00Z') };
    expect(draft({ approvalPolicy: 'by_salon' })).toMatchObject(twelve);
    const untilStart = { ...waiting, approvalExpiresAt: new Date(start) };
    expect(draft({ approvalPolicy: 'by_salon', approvalMinutes: 10_000 })).toMatchObject(untilStart);
    expect(draft({ approvalPolicy: 'by_salon' }).holdExpiresAt).toBeUndefined();
  });

  it.each(['salon', 'walk_in'] as const)('stands at once and is paid there where it comes from %s', (source) => {
    const entered = draft({ approvalPolicy: 'by_salon' }, { source, createdBy: 'manager' });
    expect(entered).toMatchObject({ state: 'confirmed', amountDue: 0n, paymentPolicy: 'at_salon', source });
    expect(entered.createdBy).toBe('manager');
  });

  it('becomes a booking once it is known who does what', () => {
    const chosen = { staff, resources: [{ id: 'room', busy: [] }] };
    const booking = assignItems(draft(), [chosen, { staff, resources: [] }]);
    expect(booking.items.map(({ staffId, resourceIds }) => [staffId, resourceIds])).toEqual([
      ['sara', ['room']],
      ['sara', []],
    ]);
    expect(booking.items[0]).toMatchObject({ staffName: sara.name, isAnyStaff: true, priceAmount: 10_000n });
    expect(() => assignItems(draft(), [chosen])).toThrow();
  });
});
