import { describe, expect, it } from '@jest/globals';
import type { Booking } from './booking.ts';
import { isSameRequest, type RequestedBooking } from './is-same-request.ts';

const startAt = Date.parse('2026-11-23T07:00:00Z');
const common = {
  customerId: 'c',
  salonId: 'salon',
  customerNote: 'n',
  source: 'customer',
  isOverridden: false,
} as const;
const item = { serviceId: 'cut', staffId: 's1', isAnyStaff: true };
const booking = { ...common, startAt: new Date(startAt), items: [item], rescheduleCount: 0 } as unknown as Booking;
const request: RequestedBooking = { ...common, startAt, wanted: [{ serviceId: 'cut', staffId: undefined }] };

describe('isSameRequest', () => {
  it('knows a retry, whoever was chosen for "any"', () => {
    expect(isSameRequest(booking, request)).toBe(true);
    const named = { ...booking, items: [{ ...item, isAnyStaff: false }] } as unknown as Booking;
    expect(isSameRequest(named, { ...request, wanted: [{ serviceId: 'cut', staffId: 's1' }] })).toBe(true);
    expect(isSameRequest(named, request)).toBe(false);
  });

  it('knows a retry of a start that was told to the microsecond', () => {
    const kept = { ...booking, startAt: new Date(startAt + 7.25) } as unknown as Booking;
    expect(isSameRequest(kept, { ...request, startAt: startAt + 7.25 })).toBe(true);
  });

  it.each<Partial<RequestedBooking>>([
    { customerId: 'other' },
    { customerId: undefined, guest: { name: 'Noura', phoneNumber: '' } },
    { salonId: 'other' },
    { customerNote: '' },
    { source: 'salon' },
    { isOverridden: true },
    { startAt: startAt + 1 },
    { wanted: [{ serviceId: 'colour' }] },
    { wanted: [{ serviceId: 'cut', staffId: 's1' }] },
    { wanted: [{ serviceId: 'cut' }, { serviceId: 'cut' }] },
  ])('tells another wish: %j', (other) => {
    expect(isSameRequest(booking, { ...request, ...other })).toBe(false);
  });

  it('knows it after the booking was moved to another time and other staff', () => {
    const items = [{ ...item, staffId: 's9', isAnyStaff: false }];
    const moved = {
      ...booking,
      startAt: new Date(0),
      items,
      rescheduleCount: 1,
      isOverridden: true,
    } as unknown as Booking;
    expect(isSameRequest(moved, request)).toBe(true);
    expect(isSameRequest(moved, { ...request, customerNote: 'x' })).toBe(false);
  });

  it('compares guests by name and number', () => {
    const guest = { name: 'Noura', phoneNumber: '+966512345678' };
    const entered = { ...booking, customerId: undefined, guest } as unknown as Booking;
    const again = { ...request, customerId: undefined, guest };
    expect(isSameRequest(entered, again)).toBe(true);
    expect(isSameRequest(entered, { ...again, guest: { ...guest, phoneNumber: '' } })).toBe(false);
    expect(isSameRequest(entered, { ...again, guest: { ...guest, name: 'Huda' } })).toBe(false);
  });
});
