import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DayOfWeek } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { Audience, PaymentPolicy, SalonState } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const plain = {
  name: { ar: 'صالون', en: 'Salon' },
  city: { ar: 'جدة', en: 'Jeddah' },
  audience: Audience.LADIES,
  paymentPolicy: PaymentPolicy.AT_SALON,
};

describe('the catalogue', () => {
  it('makes a salon as a draft with the defaults of the contract', async () => {
    const manager = person('manager');
    const place = { latitude: 21.5, longitude: 39.2 };
    const salon = await bench.catalog.createSalon({ ...plain, place, vatNumber: '300000000000003' }, as(manager));
    expect(salon).toMatchObject({
      ...plain,
      state: SalonState.DRAFT,
      managerId: manager.userId,
      timeZone: 'Asia/Riyadh',
      place,
      vatNumber: '300000000000003',
      cancellationPolicy: { freeUntilHours: 24, lateFeePercent: 50 },
      bookingRules: { slotStepMinutes: 15, minNoticeMinutes: 0, maxAdvanceDays: 90 },
    });
    expect(await bench.catalog.getSalon({ salonId: salon.id }, as(manager))).toEqual(salon);
    expect(await refusalOf(bench.catalog.createSalon({ ...plain, timeZone: 'Asia/Atlantis' }, as(manager)))).toBe(
      'TIME_ZONE_UNKNOWN',
    );
    expect(await refusalOf(bench.catalog.createSalon({ ...plain, timeZone: '+03:00' }, as(manager)))).toBe(
      'TIME_ZONE_UNKNOWN',
    );
  });

  it('publishes a salon once it has a service, staff and hours', async () => {
    const manager = person('manager');
    const { id: salonId } = await bench.catalog.createSalon(plain, as(manager));
    const publish = () => bench.catalog.publishSalon({ salonId }, as(manager));
    expect(await refusalOf(publish())).toBe('SALON_NOT_READY');
    await bench.catalog.createService(
      { salonId, name: plain.name, durationMinutes: 30, price: { amount: 0n, currency: 'SAR' } },
      as(manager),
    );
    await bench.catalog.createStaffMember({ salonId, name: plain.name }, as(manager));
    expect(await refusalOf(publish())).toBe('SALON_NOT_READY');
    const weekly = [{ day: DayOfWeek.SUNDAY, opens: '10:00', closes: '24:00' }];
    await bench.availability.setSalonHours({ salonId, weekly }, as(manager));
    expect((await publish()).state).toBe(SalonState.PUBLISHED);
    expect((await bench.catalog.unpublishSalon({ salonId }, as(manager))).state).toBe(SalonState.DRAFT);
  });

  it('changes what is sent and honours If-Match', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const salon = await bench.catalog.getSalon({ salonId });
    const changed = await bench.catalog.updateSalon(
      { salonId, name: { ar: 'جديد', en: 'New' }, bookingRules: { slotStepMinutes: 30 } },
      as(manager, { 'if-match': `"${salon.etag}"` }),
    );
    expect(changed).toMatchObject({
      name: { en: 'New' },
      city: salon.city,
      bookingRules: { slotStepMinutes: 30, maxAdvanceDays: 90 },
    });
    expect(changed.etag).not.toBe(salon.etag);
    const again = bench.catalog.updateSalon({ salonId }, as(manager, { 'if-match': `"${salon.etag}"` }));
    expect(await refusalOf(again)).toBe('STALE_ETAG');
  });

  it('keeps windows that make sense, and refuses others', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const set = (...spans: [DayOfWeek, string, string][]) =>
      bench.availability.setSalonHours(
        { salonId, weekly: spans.map(([day, opens, closes]) => ({ day, opens, closes })) },
        as(manager),
      );
    await set(
      [DayOfWeek.SUNDAY, '16:00', '24:00'],
      [DayOfWeek.MONDAY, '00:00', '02:00'],
      [DayOfWeek.SUNDAY, '09:00', '12:00'],
    );
    const { weekly } = await bench.availability.getSalonHours({ salonId });
    expect(weekly.map(({ day, opens, closes }) => [day, opens, closes])).toEqual([
      [DayOfWeek.MONDAY, '00:00', '02:00'],
      [DayOfWeek.SUNDAY, '09:00', '12:00'],
      [DayOfWeek.SUNDAY, '16:00', '24:00'],
    ]);
    expect(await refusalOf(set([DayOfWeek.SUNDAY, '12:00', '11:00']))).toBe('WINDOWS_INVALID');
    expect(await refusalOf(set([DayOfWeek.SUNDAY, '09:00', '12:00'], [DayOfWeek.SUNDAY, '11:59', '13:00']))).toBe(
      'WINDOWS_INVALID',
    );
    expect(await refusalOf(set([DayOfWeek.SUNDAY, '24:00', '24:00']))).toBe('VALIDATION_FAILED');
    expect((await bench.availability.getSalonHours({ salonId })).weekly).toHaveLength(3);
    await Promise.all(Array.from({ length: 5 }, (_, hour) => set([DayOfWeek.SUNDAY, `0${hour}:00`, '12:00'])));
    expect((await bench.availability.getSalonHours({ salonId })).weekly).toHaveLength(1);
  });

  it('refuses staff for services of another salon', async () => {
    const [one, other] = [await makeSalon(bench), await makeSalon(bench)];
    const made = bench.catalog.createStaffMember(
      { salonId: one.id, name: plain.name, serviceIds: other.serviceIds },
      as(one.manager),
    );
    expect(await refusalOf(made)).toBe('SERVICE_NOT_OFFERED');
  });
});

describe('ListSalons', () => {
  it('finds by words in either script, city and audience, page by page', async () => {
    const made: string[] = [];
    for (const en of ['Golden Scissors 1', 'Golden Scissors 2', 'Golden Scissors 3']) {
      const salon = await makeSalon(bench);
      await bench.catalog.updateSalon({ salonId: salon.id, name: { ar: 'المقصّ الذهبيّة', en } }, as(salon.manager));
      made.push(salon.id);
    }
    const find = async (request: { text?: string; city?: string; audience?: Audience }) =>
      (await bench.catalog.listSalons(request)).salons.map(({ id }) => id);
    expect(await find({ text: 'golden' })).toEqual(made);
    expect(await find({ text: 'scissors 2 GOLDEN' })).toEqual([made[1]]);
    expect(await find({ text: 'الذهبيه' })).toEqual(made);
    expect(await find({ text: 'المقص', city: 'الرياض' })).toEqual(made);
    expect(await find({ text: 'golden', city: 'riyadh', audience: Audience.LADIES })).toEqual(made);
    expect(await find({ text: 'golden', city: 'Jeddah' })).toEqual([]);
    expect(await find({ text: 'golden', audience: Audience.MEN })).toEqual([]);
    expect(await find({ text: 'g%n' })).toEqual([]);

    const pages: string[][] = [];
    let pageToken = '';
    do {
      const page = await bench.catalog.listSalons({ text: 'golden', pageSize: 2, pageToken });
      pages.push(page.salons.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(pages).toEqual([made.slice(0, 2), made.slice(2)]);
  });

  it('refuses a page token that it did not make, or made for another list', async () => {
    const { nextPageToken } = await bench.catalog.listSalons({ text: 'golden', pageSize: 1 });
    const ask = (pageToken: string, text = 'golden') =>
      refusalOf(bench.catalog.listSalons({ text, pageSize: 1, pageToken }));
    const tampered = `A${nextPageToken.slice(1)}`;
    expect([
      await ask(nextPageToken),
      await ask(nextPageToken, 'gold'),
      await ask('x'),
      await ask('a.b'),
      await ask(tampered),
    ]).toEqual(['none', ...Array(4).fill('PAGE_TOKEN_INVALID')]);
  });
});

describe('ListBookings', () => {
  it('lists the latest first, page by page, each once', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined] });
    const who = person('customer');
    const made: string[] = [];
    for (const startAt of [
      '2026-11-23T07:00:00Z',
      '2026-11-24T07:00:00Z',
      '2026-11-24T07:00:00Z',
      '2026-11-23T09:00:00Z',
    ]) {
      const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
      const booking = await bench.bookings.createBooking(
        { salonId: salon.id, items, startAt: timestampFromDate(new Date(startAt)) },
        as(who),
      );
      made.push(booking.id);
    }
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await bench.bookings.listBookings({ pageSize: 1, pageToken }, as(who));
      seen.push(...page.bookings.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(seen).toEqual([made[2], made[1], made[3], made[0]]);
    const all = await bench.bookings.listBookings({ salonId: salon.id, pageSize: 1_000 }, as(salon.manager));
    expect(all.bookings.map(({ id }) => id)).toEqual(seen);
    const { nextPageToken } = await bench.bookings.listBookings({ pageSize: 1 }, as(who));
    expect(await refusalOf(bench.bookings.listBookings({ pageToken: nextPageToken }, as(person('customer'))))).toBe(
      'PAGE_TOKEN_INVALID',
    );
  });
});
