import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Prayer } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon, type SalonPlan } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set('2026-02-10T09:00:00Z'));

const at = (text: string) => timestampFromDate(new Date(text));
const name = { ar: 'رمضان', en: 'Ramadan' };
const everyDay = (...clocks: [string, string][]) =>
  [1, 2, 3, 4, 5, 6, 7].flatMap((day) => clocks.map(([opens, closes]) => ({ day, opens, closes })));
const ramadan = { key: 'ramadan', name, hijriMonth: 9, weekly: everyDay(['21:00', '23:00']) };

async function open(plan: SalonPlan = {}): Promise<void> {
  salon = await makeSalon(bench, { opens: '10:00', closes: '12:00', ...plan });
}

const setSalon = (hours: object) =>
  bench.availability.setSalonHours({ salonId: salon.id, ...hours }, as(salon.manager));
const setStaff = (hours: object) =>
  bench.availability.setStaffAvailability({ staffId: salon.staffIds[0] ?? '', ...hours }, as(salon.manager));

/** The free starts in the 24 hours from the moment on, as UTC clocks. */
async function startsFrom(from: string): Promise<string[]> {
  const to = new Date(Date.parse(from) + 86_400_000).toISOString();
  const { serviceIds, id: salonId } = salon;
  const { slots } = await bench.availability.listSlots({ salonId, serviceIds, from: at(from), to: at(to) });
  return slots.map(({ startAt }) => new Date(Number(startAt?.seconds) * 1_000).toISOString().slice(11, 16));
}

function book(startAt: string) {
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  return refusalOf(
    bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt) }, as(person('customer'))),
  );
}

/** Midnights in Riyadh: the last of Sha'ban and the first of Ramadan 1447. */
const lastOfShaban = '2026-02-16T21:00:00Z';
const firstOfRamadan = '2026-02-17T21:00:00Z';

describe('Ramadan hours', () => {
  it('are offered and booked from the first day of the month on, by those who have no others', async () => {
    await open();
    await setSalon({ weekly: everyDay(['10:00', '12:00']), seasons: [ramadan] });
    expect(await startsFrom(lastOfShaban)).toEqual(['07:00', '07:15', '07:30', '07:45', '08:00']);
    expect(await startsFrom(firstOfRamadan)).toEqual(['18:00', '18:15', '18:30', '18:45', '19:00']);
    expect(await book('2026-02-18T07:00:00Z')).toBe('OUTSIDE_WORKING_HOURS');
    expect(await book('2026-02-18T18:00:00Z')).toBe('none');
  });

  it('of a staff member count within those of the salon', async () => {
    await open();
    await setSalon({ weekly: everyDay(['10:00', '12:00']), seasons: [ramadan] });
    await setStaff({
      weekly: everyDay(['10:00', '12:00']),
      seasons: [{ key: 'ramadan', weekly: everyDay(['21:30', '24:00']) }],
    });
    expect(await startsFrom(firstOfRamadan)).toEqual(['18:30', '18:45', '19:00']);
    expect(await book('2026-02-18T18:00:00Z')).toBe('STAFF_OFF');
    await setStaff({ weekly: everyDay(['10:00', '12:00']), seasons: [{ key: 'ramadan', weekly: [] }] });
    expect(await startsFrom(firstOfRamadan)).toEqual([]);
  });

  it('give way to the hours of a single date', async () => {
    await open();
    const exceptions = [{ date: '2026-02-18', spans: [{ opens: '22:00', closes: '23:00' }] }, { date: '2026-02-19' }];
    await setSalon({ weekly: everyDay(['10:00', '12:00']), seasons: [ramadan], exceptions });
    expect(await startsFrom(firstOfRamadan)).toEqual(['19:00']);
    expect(await startsFrom('2026-02-18T21:00:00Z')).toEqual([]);
    expect(await startsFrom('2026-02-19T21:00:00Z')).toHaveLength(5);
  });
});

describe('prayer pauses', () => {
  it('are not offered and not booked, nor is a service that would reach into one', async () => {
    await open({ opens: '11:00', closes: '14:00', services: [{ minutes: 30 }] });
    await bench.catalog.updateSalon(
      {
        salonId: salon.id,
        place: { latitude: 24.7136, longitude: 46.6753 },
        prayerPauses: { prayers: [Prayer.DHUHR], lengthMinutes: 30 },
      },
      as(salon.manager),
    );
    // Dhuhr in Riyadh is at 12:07 on the 12th of February: 09:07 to 09:37 in UTC.
    const starts = await startsFrom('2026-02-11T21:00:00Z');
    expect(starts).toEqual(['08:00', '08:15', '08:30', '09:45', '10:00', '10:15', '10:30']);
    expect(await book('2026-02-12T08:45:00Z')).toBe('OUTSIDE_WORKING_HOURS');
    expect(await book('2026-02-12T09:30:00Z')).toBe('OUTSIDE_WORKING_HOURS');
    expect(await book('2026-02-12T09:45:00Z')).toBe('none');
  });
});

describe('hours over a change of the clock', () => {
  it('lose the hour that does not exist, and keep the wall clock after it', async () => {
    bench.clock.set('2026-03-20T09:00:00Z');
    await open({ timeZone: 'Europe/London', opens: '00:00', closes: '04:00' });
    // 28 March has no jump, on the 29th 01:00 is 02:00.
    expect(await startsFrom('2026-03-28T00:00:00Z')).toHaveLength(13);
    // A day has 23 hours: the last of the 24 is the next one's.
    const starts = (await startsFrom('2026-03-29T00:00:00Z')).filter((clock) => clock < '23:00');
    expect([starts[0], starts.at(-1), starts.length]).toEqual(['00:00', '02:00', 9]);
    expect(await book('2026-03-29T02:00:00Z')).toBe('none');
    expect(await book('2026-03-29T02:15:00Z')).toBe('OUTSIDE_WORKING_HOURS');
  });
});
