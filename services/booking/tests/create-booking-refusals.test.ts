import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Audience } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { countRows, createBooker, isSomebodyWaiting, type Wish } from './support/booker.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let book: ReturnType<typeof createBooker>;
beforeAll(async () => {
  bench = await openBench();
  book = createBooker(bench);
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

describe('CreateBooking, refused', () => {
  it('refuses a time that overlaps by a step and takes one that touches', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 60 }, { minutes: 5 }] });
    await book(salon, { startAt: '2026-11-23T08:00:00Z' });
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T07:15:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T08:45:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T07:00:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2026-11-23T09:00:00Z' }))).toBe('none');
  });

  it('refuses an overlap by a minute in the database itself, whoever inserts, and allows touching', async () => {
    const salon = await makeSalon(bench);
    const booking = await book(salon);
    const insert = (from: string, to: string) =>
      bench.ctx.database.query({
        name: 'test.claim',
        text: 'INSERT INTO claims (subject, during, booking_id) VALUES ($1, tstzrange($2, $3), $4)',
        values: [salon.staffIds[0], from, to, booking.id],
      });
    await expect(insert('2026-11-23T07:59:00Z', '2026-11-23T09:00:00Z')).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('2026-11-23T06:00:00Z', '2026-11-23T07:01:00Z')).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z')).resolves.toMatchObject({ rowCount: 1 });
    await expect(insert('2026-11-23T06:00:00Z', '2026-11-23T07:00:00Z')).resolves.toMatchObject({ rowCount: 1 });
  });

  it('names why it cannot be, and writes nothing', async () => {
    const salon = await makeSalon(bench, {
      minNoticeMinutes: 60,
      staff: [[0], [1]],
      services: [{ minutes: 60 }, { minutes: 30 }],
    });
    const foreign = await makeSalon(bench);
    const draft = await makeSalon(bench, { isDraft: true });
    const [serviceId = '', other = ''] = salon.serviceIds;
    const [first = ''] = salon.staffIds;
    const items = (length: number) => Array.from({ length }, () => ({ serviceId }));
    const cases: [string, MadeSalon, Wish?, Person?][] = [
      ['START_OFF_GRID', salon, { startAt: '2026-11-23T07:05:00Z' }],
      ['START_OFF_GRID', salon, { startAt: '2026-11-23T07:00:01Z' }],
      ['START_OFF_GRID', salon, { startAt: '2026-11-23T07:00:00.001Z' }],
      ['TOO_SHORT_NOTICE', salon, { startAt: '2026-11-22T09:45:00Z' }],
      ['TOO_SHORT_NOTICE', salon, { startAt: '2026-11-21T09:00:00Z' }],
      ['TOO_SHORT_NOTICE', salon, { startAt: '1970-01-01T09:00:00Z' }],
      ['TOO_FAR_AHEAD', salon, { startAt: '2027-03-01T09:00:00Z' }],
      ['TOO_FAR_AHEAD', salon, { startAt: '9998-12-31T09:00:00Z' }],
      ['OUTSIDE_WORKING_HOURS', salon, { startAt: '2026-11-23T06:45:00Z' }],
      ['OUTSIDE_WORKING_HOURS', salon, { startAt: '2026-11-23T14:15:00Z' }],
      ['SERVICE_NOT_OFFERED', salon, { items: [{ serviceId: foreign.serviceIds[0] ?? '' }] }],
      ['SERVICE_NOT_OFFERED', salon, { items: [{ serviceId }, { serviceId: uuidv7() }] }],
      ['STAFF_NOT_AVAILABLE', salon, { items: [{ serviceId, staffId: foreign.staffIds[0] ?? '' }] }],
      ['STAFF_NOT_AVAILABLE', salon, { items: [{ serviceId: other, staffId: first }] }],
      ['AUDIENCE_MISMATCH', salon, { audience: Audience.MEN }],
      ['NOT_FOUND', draft],
      ['SALON_NOT_BOOKABLE', draft, {}, draft.manager],
      ['NOT_FOUND', { ...salon, id: uuidv7() }],
      ['VALIDATION_FAILED', salon, { items: [] }],
      ['VALIDATION_FAILED', salon, { items: items(11) }],
      ['VALIDATION_FAILED', salon, { items: items(50) }],
      ['VALIDATION_FAILED', salon, { items: [{ serviceId: 'none' }] }],
      ['VALIDATION_FAILED', salon, { bookingId: 'none' }],
      ['VALIDATION_FAILED', salon, { bookingId: uuidv4() }],
      ['VALIDATION_FAILED', salon, { source: 9 }],
      ['VALIDATION_FAILED', salon, { customerNote: 'x'.repeat(501) }],
    ];
    const before = await countRows(bench);
    for (const headers of [{}, { 'idempotency-key': uuidv7() }]) {
      const calls = cases.map(([, where, wish, who]) => refusalOf(book(where, wish, who, headers)));
      expect(await Promise.all(calls)).toEqual(cases.map(([reason]) => reason));
    }
    const unreadable = { salonId: salon.id, items: items(1), startAt: { seconds: 2n ** 62n, nanos: 0 } };
    expect(await refusalOf(bench.bookings.createBooking(unreadable, as(person('customer'))))).toBe('START_OFF_GRID');
    expect(await countRows(bench)).toEqual(before);
  });

  it('waits for a change of the catalogue that is under way, and decides by what it becomes', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 60 }, { minutes: 60 }] });
    const [serviceId = '', gone = ''] = salon.serviceIds;
    await book(salon, { items: [{ serviceId: gone }] });
    const later = '2026-11-24T07:00:00Z';
    let answers: Promise<string[]> | undefined;
    await bench.ctx.database.transaction(async (tx) => {
      const text = 'UPDATE services SET active = false WHERE id = $1';
      await tx.query({ name: 'test.deactivate', text, values: [gone] });
      answers = Promise.all(
        [gone, serviceId].map((id) => refusalOf(book(salon, { items: [{ serviceId: id }], startAt: later }))),
      );
      await waitFor('the bookings to wait', () => isSomebodyWaiting(bench));
    });
    expect(await answers).toEqual(['SERVICE_NOT_OFFERED', 'none']);
  });

  it('does not turn away by a catalogue that has changed in another process', async () => {
    const salon = await makeSalon(bench);
    const early = { startAt: '2026-11-23T06:00:00Z' };
    expect(await refusalOf(book(salon, early))).toBe('OUTSIDE_WORKING_HOURS');
    await bench.ctx.prisma.salonWindow.updateMany({ where: { salonId: salon.id }, data: { opens: 9 * 60 } });
    await bench.ctx.prisma.staffWindow.updateMany({
      where: { staffId: salon.staffIds[0] ?? '' },
      data: { opens: 540 },
    });
    expect(await refusalOf(book(salon, early))).toBe('none');
  });

  it('does not book an inactive service or staff member', async () => {
    const salon = await makeSalon(bench);
    await bench.ctx.prisma.staffMember.update({ where: { id: salon.staffIds[0] ?? '' }, data: { active: false } });
    expect(await refusalOf(book(salon))).toBe('STAFF_NOT_AVAILABLE');
    await bench.ctx.prisma.service.update({ where: { id: salon.serviceIds[0] ?? '' }, data: { active: false } });
    expect(await refusalOf(book(salon))).toBe('SERVICE_NOT_OFFERED');
  });

  it('keeps to the wall clock where it jumps', async () => {
    bench.clock.set('2027-03-20T12:00:00Z');
    const salon = await makeSalon(bench, { timeZone: 'Europe/London', opens: '00:30', closes: '04:00' });
    // On the 28th 01:00 becomes 02:00: 00:30 plus an hour ends at 02:30 of the wall clock.
    // 01:15 is a time that no clock shows: what the client makes of it is 00:15 or 02:15 there.
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T00:15:00Z' }))).toBe('OUTSIDE_WORKING_HOURS');
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T01:15:00Z' }))).toBe('none');
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T00:30:00Z' }))).toBe('SLOT_TAKEN');
    expect(await refusalOf(book(salon, { startAt: '2027-03-28T02:15:00Z' }))).toBe('OUTSIDE_WORKING_HOURS');
  });
});
