import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { BookingSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { TimeBlockSchema } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import type { UserRole } from '../domain/booking-rights.ts';
import type { CalendarFact } from './calendar-fact.ts';
import { type CalendarView, isSameView, showFact, toCalendarView } from './calendar-view.ts';

const viewer = { managerId: 'u1', isPublished: true, staffIds: [] as string[] };
const salon: CalendarView = { kind: 'salon' };
const sara: CalendarView = { kind: 'staff', staffIds: ['sara'] };

function booked(staffIds: string[], previousStaffIds: string[] = []): CalendarFact {
  const booking = create(BookingSchema, {
    ...{ id: 'b1', salonId: 's1', customerId: 'c1', customerNote: 'Call me', guest: { name: 'Huda' } },
    items: staffIds.map((staffId) => ({ staffId })),
  });
  const change = { kind: 'booking', booking, version: 2n, previousStaffIds } as const;
  return { salonId: 's1', subject: 'booking.booking.v1.rescheduled', occurredAt: new Date(0), change };
}

function blocked(owner: { staffId: string } | { resourceId: string }): CalendarFact {
  const change = { kind: 'time_blocked', timeBlock: create(TimeBlockSchema, owner) } as const;
  return { salonId: 's1', subject: 'booking.time_block.v1.created', occurredAt: new Date(0), change };
}

describe('the view of a calendar', () => {
  it.each<[UserRole, string, string[], CalendarView | undefined]>([
    ['manager', 'u1', [], salon],
    ['admin', 'u2', [], salon],
    ['manager', 'u2', [], undefined],
    ['manager', 'u2', ['sara'], sara],
    ['staff', 'u2', ['sara'], sara],
    ['staff', 'u2', [], undefined],
    ['staff', 'u1', [], undefined],
    ['customer', 'u2', ['sara'], undefined],
  ])('of a %s, user %s, who signs in as %j', (role, userId, staffIds, expected) => {
    expect(toCalendarView({ userId, role }, { ...viewer, staffIds })).toEqual(expected);
  });

  it('of a manager is all that happens', () => {
    for (const fact of [booked(['sara']), booked(['noura']), blocked({ resourceId: 'r1' })]) {
      expect(showFact(salon, fact)).toBe(fact);
    }
  });

  it('of a staff member is what they do, and their own time off', () => {
    const own = booked(['noura', 'sara']);
    expect(showFact(sara, own)).toBe(own);
    expect(showFact(sara, booked(['noura']))).toBeUndefined();
    expect(showFact(sara, blocked({ staffId: 'sara' }))).toBeDefined();
    expect(showFact(sara, blocked({ staffId: 'noura' }))).toBeUndefined();
    expect(showFact(sara, blocked({ resourceId: 'sara' }))).toBeUndefined();
  });

  it('shows a staff member that a booking was moved away from them, and nobody in it', () => {
    const fact = booked(['noura'], ['sara']);
    const shown = showFact(sara, fact)?.change;
    expect(shown).toMatchObject({
      version: 2n,
      booking: { id: 'b1', salonId: 's1', customerId: '', customerNote: '', items: [] },
    });
    expect(shown?.kind === 'booking' && shown.booking.guest).toBeUndefined();
    // It is the same object for all who watch.
    expect(fact.change).toMatchObject({ booking: { customerNote: 'Call me' } });
  });

  it('is another one when they sign in as somebody else', () => {
    expect(isSameView(sara, { kind: 'staff', staffIds: ['sara'] })).toBe(true);
    expect(isSameView(sara, { kind: 'staff', staffIds: ['noura'] })).toBe(false);
    expect(isSameView(sara, salon)).toBe(false);
    expect(isSameView(salon, { kind: 'salon' })).toBe(true);
  });
});
