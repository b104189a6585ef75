import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  BookingPaymentUnusableSchema,
  BookingRescheduledSchema,
  TimeBlockedSchema,
  TimeFreedSchema,
} from '@mawid/contracts/gen/mawid/booking/events/v1/events_pb.js';
import { keepFact } from './calendar-fact.ts';

const time = new Date('2026-11-22T09:00:00Z');

function keep(subject: string, data: Uint8Array) {
  const envelope = { id: 'e1', subject, time, aggregateId: 'b1', aggregateVersion: 2 };
  return keepFact({ sequence: 1, subject, data, envelope });
}

const rescheduled = toBinary(
  BookingRescheduledSchema,
  create(BookingRescheduledSchema, { booking: { salonId: 's1' }, version: 2n, previousStaffIds: ['p1'] }),
);

describe('keepFact', () => {
  it('tells of a booking as it is after the change', () => {
    const kept = keep('booking.booking.v1.rescheduled', rescheduled);
    expect(kept?.salonId).toBe('s1');
    expect(kept?.read()).toMatchObject({
      ...{ salonId: 's1', subject: 'booking.booking.v1.rescheduled', occurredAt: time },
      change: { kind: 'booking', version: 2n, previousStaffIds: ['p1'], booking: { salonId: 's1' } },
    });
  });

  it('keeps its own bytes, not those of the connection', () => {
    const bytes = Uint8Array.from(rescheduled);
    const kept = keep('booking.booking.v1.rescheduled', bytes);
    bytes.fill(0);
    expect(kept?.read().salonId).toBe('s1');
  });

  it('tells blocked time from freed time', () => {
    const timeBlock = { salonId: 's1', staffId: 'p1' };
    const blocked = toBinary(TimeBlockedSchema, create(TimeBlockedSchema, { timeBlock }));
    const freed = toBinary(TimeFreedSchema, create(TimeFreedSchema, { timeBlock }));
    expect(keep('booking.time_block.v1.created', blocked)?.read().change.kind).toBe('time_blocked');
    expect(keep('booking.time_block.v1.deleted', freed)?.read().change.kind).toBe('time_freed');
  });

  it('is nothing where the event tells nothing of a calendar, or is none of ours', () => {
    const data = toBinary(BookingPaymentUnusableSchema, create(BookingPaymentUnusableSchema, { bookingId: 'b1' }));
    expect(keep('booking.booking.v1.payment_unusable', data)).toBeUndefined();
    expect(keep('booking.booking.v1.unheard_of', data)).toBeUndefined();
  });

  it('throws for bytes that are no message', () => {
    expect(() => keep('booking.booking.v1.rescheduled', new Uint8Array([0xff]))).toThrow();
  });
});
