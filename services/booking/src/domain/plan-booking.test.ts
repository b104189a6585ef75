import { describe, expect, it } from '@jest/globals';
import type { Calendar, CalendarSalon } from './calendar.ts';
import type { SalonHours } from './hours.ts';
import { planBooking } from './plan-booking.ts';

const now = Date.parse('2026-11-23T00:00:00Z');
const name = { ar: 'أ', en: 'A' };
const always = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: 0, closes: 1_440 }));

function calendarOf(hours: () => SalonHours): Calendar {
  const salon: CalendarSalon = {
    ...{ id: 's', name, timeZone: 'America/New_York', isPublished: true, calendarVersion: 1, audience: 'everyone' },
    ...{ paymentPolicy: 'at_salon', approvalPolicy: 'automatic', approvalMinutes: 720, maxOpenBookings: 10 },
    cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 },
    ...{ slotStepMinutes: 15, minNoticeMinutes: 60, maxAdvanceDays: 90 },
    get hours() {
      return hours();
    },
  };
  const service = {
    ...{ id: 'cut', isOffered: true, name, durationMinutes: 60, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 },
    ...{ priceAmount: 1n, currency: 'SAR', audience: 'everyone' as const, staffGender: undefined, needs: [] },
  };
  const staffHours = { weekly: always, dates: new Map(), seasons: new Map() };
  const sara = { id: 'sara', name, serviceIds: ['cut'], gender: undefined, hours: staffHours, busy: [] };
  return { salon, services: [service], staff: [sara], resources: [] };
}

describe('planBooking', () => {
  const wish = (startAt: string) => ({ wanted: [{ serviceId: 'cut' }], startAt: Date.parse(startAt) });

  it.each([
    ['in another century', '2726-11-23T15:00:00Z', 'TOO_FAR_AHEAD'],
    ['in another century, and off the grid', '2726-11-23T15:07:00Z', 'START_OFF_GRID'],
    ['just after the last day', '2027-02-21T00:15:00Z', 'TOO_FAR_AHEAD'],
    ['past', '1970-01-05T15:00:00Z', 'TOO_SHORT_NOTICE'],
    ['within the notice', '2026-11-23T00:45:00Z', 'TOO_SHORT_NOTICE'],
  ])('looks at no hours for a moment %s', (_, startAt, refusal) => {
    const calendar = calendarOf(() => {
      throw new Error('the hours were looked at');
    });
    expect(planBooking(calendar, wish(startAt), now)).toEqual({ refusal });
  });

  it.each(['2026-11-23T01:00:00Z', '2027-02-21T00:00:00Z'])('accepts %s, at an end of the bookable time', (startAt) => {
    const calendar = calendarOf(() => ({ weekly: always, dates: new Map(), seasons: [] }));
    expect(planBooking(calendar, wish(startAt), now)).toMatchObject({ items: [{ free: [{ id: 'sara' }] }] });
  });

  it('looks at the hours where the bookable time does not count', () => {
    const calendar = calendarOf(() => ({ weekly: [], dates: new Map(), seasons: [] }));
    const rules = { ignoresNotice: true, ignoresAdvance: true };
    expect(planBooking(calendar, { ...wish('2030-11-25T15:00:00Z'), rules }, now)).toEqual({
      refusal: 'OUTSIDE_WORKING_HOURS',
    });
  });
});
