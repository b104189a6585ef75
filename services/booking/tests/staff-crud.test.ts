import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Gender } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
let staffId: string;
beforeAll(async () => {
  bench = await openBench();
});
beforeEach(async () => {
  salon = await makeSalon(bench, { services: [{ minutes: 60 }, { minutes: 30 }], staff: [[0], undefined] });
  staffId = salon.staffIds[0] ?? '';
});
afterAll(() => bench.close());

type Change = Parameters<Bench['catalog']['updateStaffMember']>[0];
const update = (change: Change) => bench.catalog.updateStaffMember({ staffId, ...change }, as(salon.manager));
const name = { ar: 'ا', en: 'a' };
const nine = timestampFromDate(new Date('2026-11-24T07:00:00Z'));

function book(owner: MadeSalon, staff: string) {
  const items = [{ serviceId: owner.serviceIds[0] ?? '', staffId: staff }];
  return bench.bookings.createBooking({ salonId: owner.id, items, startAt: nine }, as(person('customer')));
}

describe('UpdateStaffMember', () => {
  it('changes each field that is sent, and no other', async () => {
    let expected: object = await bench.catalog.getStaffMember({ staffId }, as(salon.manager));
    const { userId } = person('staff');
    const changes: Change[] = [
      { name: { ar: 'ليلى', en: 'Layla' } },
      { gender: Gender.FEMALE },
      { gender: Gender.UNSPECIFIED },
      { userId },
      { userId: '' },
      { active: false },
      { active: true },
    ];
    for (const change of changes) {
      const changed = await update(change);
      expected = { ...expected, ...change, etag: changed.etag, updatedAt: changed.updatedAt };
      expect(changed).toMatchObject(expected);
    }
    expect(await bench.catalog.getStaffMember({ staffId }, as(salon.manager))).toMatchObject(expected);
  });

  it('replaces the services that the person does, with live ones of the salon', async () => {
    const [cut = '', colour = ''] = salon.serviceIds;
    const set = async (...ids: string[]) => (await update({ serviceIds: { ids } })).serviceIds;
    expect(await set(colour)).toEqual([colour]);
    expect(await set(cut, colour.toUpperCase())).toEqual([cut, colour].sort());
    expect((await update({ gender: Gender.MALE })).serviceIds).toEqual([cut, colour].sort());
    const foreign = (await makeSalon(bench)).serviceIds;
    expect(await refusalOf(set(...foreign))).toBe('SERVICE_NOT_OFFERED');
    await bench.catalog.deleteService({ serviceId: colour }, as(salon.manager));
    expect(await refusalOf(set(colour))).toBe('SERVICE_NOT_OFFERED');
    expect(await set()).toEqual([]);
  });

  it('refuses services that are done by the other gender only', async () => {
    const { id: serviceId } = await bench.catalog.createService(
      { salonId: salon.id, name, durationMinutes: 30, price: { currency: 'SAR' }, staffGender: Gender.FEMALE },
      as(salon.manager),
    );
    const serviceIds = { ids: [serviceId] };
    expect(await refusalOf(update({ serviceIds }))).toBe('STAFF_GENDER_CONFLICT');
    expect(await refusalOf(update({ serviceIds, gender: Gender.MALE }))).toBe('STAFF_GENDER_CONFLICT');
    expect(await refusalOf(update({ serviceIds, gender: Gender.FEMALE }))).toBe('none');
    expect(await refusalOf(update({ gender: Gender.MALE }))).toBe('STAFF_GENDER_CONFLICT');
    const made = { salonId: salon.id, name, serviceIds: [serviceId], gender: Gender.MALE };
    expect(await refusalOf(bench.catalog.createStaffMember(made, as(salon.manager)))).toBe('STAFF_GENDER_CONFLICT');
  });

  it('links a user to one person of the salon', async () => {
    const userId = salon.staff[1]?.userId ?? '';
    expect(await refusalOf(update({ userId }))).toBe('STAFF_USER_LINKED');
    const link = (owner: MadeSalon) =>
      refusalOf(bench.catalog.createStaffMember({ salonId: owner.id, name, userId }, as(owner.manager)));
    expect(await link(salon)).toBe('STAFF_USER_LINKED');
    expect(await link(await makeSalon(bench))).toBe('none');
    expect(await refusalOf(update({ userId: salon.staff[0]?.userId ?? '' }))).toBe('none');
    await bench.catalog.deleteStaffMember({ staffId: salon.staffIds[1] ?? '' }, as(salon.manager));
    expect(await refusalOf(update({ userId }))).toBe('none');
  });

  it('honours If-Match, and is the manager’s', async () => {
    const { etag } = await update({ gender: Gender.FEMALE });
    const change = (who: typeof salon.manager, ifMatch = '*') =>
      refusalOf(bench.catalog.updateStaffMember({ staffId, active: true }, as(who, { 'if-match': ifMatch })));
    expect(await change(salon.manager, `"${etag}"`)).toBe('none');
    expect(await change(salon.manager, `"${etag}"`)).toBe('STALE_ETAG');
    expect(await change(person('manager'))).toBe('PERMISSION_DENIED');
  });
});

describe('DeleteStaffMember', () => {
  const remove = (owner: MadeSalon, id: string, who = owner.manager) =>
    refusalOf(bench.catalog.deleteStaffMember({ staffId: id }, as(who)));

  it('hides the person from everybody, twice as once', async () => {
    expect(await remove(salon, staffId, person('manager'))).toBe('PERMISSION_DENIED');
    expect([await remove(salon, staffId), await remove(salon, staffId)]).toEqual(['none', 'none']);
    expect(await remove(salon, staffId, person('manager'))).toBe('NOT_FOUND');
    expect(await refusalOf(bench.catalog.getStaffMember({ staffId }, as(salon.manager)))).toBe('NOT_FOUND');
    const { staff } = await bench.catalog.listStaff({ salonId: salon.id }, as(salon.manager));
    expect(staff.map(({ id }) => id)).toEqual([salon.staffIds[1]]);
    expect(await refusalOf(book(salon, staffId))).toBe('STAFF_NOT_AVAILABLE');
  });

  it('waits for the bookings to come, and not for those that are over', async () => {
    const { id: bookingId } = await book(salon, staffId);
    expect(await remove(salon, staffId)).toBe('STAFF_HAS_BOOKINGS');
    bench.clock.set(new Date('2026-11-24T08:00:00Z'));
    expect(await remove(salon, staffId)).toBe('none');
    bench.clock.set(new Date('2026-11-22T09:00:00Z'));
    expect((await bench.bookings.getBooking({ bookingId }, as(salon.manager))).items[0]?.staffId).toBe(staffId);
  });

  it('waits for a booking that is being written', async () => {
    const { id: bookingId } = await book(salon, salon.staffIds[1] ?? '');
    const { database } = bench.ctx;
    const removing = await database.transaction(async (tx) => {
      const text = 'SELECT pg_advisory_xact_lock_shared(calendar_key($1))';
      await tx.query({ name: 'test.lock', text, values: [salon.id] });
      await tx.query({
        name: 'test.claim',
        text: `INSERT INTO claims (subject, during, booking_id) VALUES ($1, '[2026-11-24T07:00Z,2026-11-24T08:00Z)', $2)`,
        values: [staffId, bookingId],
      });
      const answer = remove(salon, staffId);
      await waitFor('the deletion to wait', async () => {
        const waiting = {
          name: 'test.waiting',
          text: `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        };
        return (await database.query(waiting)).rows.length > 0;
      });
      return { answer };
    });
    expect(await removing.answer).toBe('STAFF_HAS_BOOKINGS');
  });

  it('never leaves a booking with somebody who is gone, when both come at once', async () => {
    for (let round = 0; round < 12; round++) {
      const own = await makeSalon(bench);
      const id = own.staffIds[0] ?? '';
      const [booked, removed] = await Promise.all([refusalOf(book(own, id)), remove(own, id)]);
      expect([booked, removed]).not.toEqual(['none', 'none']);
      expect(['none', 'STAFF_HAS_BOOKINGS']).toContain(removed);
      expect(['none', 'STAFF_NOT_AVAILABLE']).toContain(booked);
    }
  });
});
