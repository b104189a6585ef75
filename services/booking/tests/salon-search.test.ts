import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DayOfWeek } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { type ListSalonsRequestSchema, SalonSort } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { Prayer } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

type Request = MessageInitShape<typeof ListSalonsRequestSchema>;
const at = (iso: string) => timestampFromDate(new Date(iso));

let bench: Bench;
let riyadh: MadeSalon;
let diriyah: MadeSalon;
let jeddah: MadeSalon;

/** A salon at a place, under a name. */
async function makeAt(en: string, ar: string, place?: { latitude: number; longitude: number }): Promise<MadeSalon> {
  const salon = await makeSalon(bench, { services: [{ minutes: 60 }] });
  await bench.catalog.updateSalon({ salonId: salon.id, name: { ar, en }, ...(place && { place }) }, as(salon.manager));
  return salon;
}

beforeAll(async () => {
  bench = await openBench();
  riyadh = await makeAt('Zahra', 'الزهرة', { latitude: 24.7136, longitude: 46.6753 });
  diriyah = await makeAt('Élan', 'إيلان', { latitude: 24.7342, longitude: 46.5756 });
  jeddah = await makeAt('amber', 'عنبر', { latitude: 21.4858, longitude: 39.1925 });
  await makeAt('Nowhere', 'بلا مكان');
});
afterAll(() => bench.close());

async function find(request: Request, options?: ReturnType<typeof as>): Promise<string[]> {
  return (await bench.catalog.listSalons(request, options)).salons.map(({ name }) => name?.en ?? '');
}

describe('ListSalons near a place', () => {
  it('lists the nearest first, within 20 km unless another radius is given', async () => {
    expect(await find({ near: '24.71,46.68' })).toEqual(['Zahra', 'Élan']);
    expect(await find({ near: '24.73,46.57' })).toEqual(['Élan', 'Zahra']);
    expect(await find({ near: '24.71,46.68', radiusKm: 5 })).toEqual(['Zahra']);
    expect(await find({ near: '21.5,39.2' })).toEqual(['amber']);
    expect(await find({ near: '0,0', radiusKm: 500 })).toEqual([]);
  });

  it('finds a salon at the end of its radius, and not beyond', async () => {
    // 0.1 degree of latitude is 11.12 km.
    expect(await find({ near: '24.8136,46.6753', radiusKm: 11.13 })).toContain('Zahra');
    expect(await find({ near: '24.8136,46.6753', radiusKm: 11.11 })).not.toContain('Zahra');
  });

  it('keeps to another order where one is asked for', async () => {
    expect(await find({ near: '24.71,46.68', sort: SalonSort.NAME })).toEqual(['Élan', 'Zahra']);
    expect(await find({ near: '24.71,46.68', sort: SalonSort.NEWEST })).toEqual(['Élan', 'Zahra']);
  });

  it.each<Request>([{ near: 'abc' }, { near: '91,0' }, { radiusKm: 5 }, { sort: SalonSort.DISTANCE }])(
    'refuses %j',
    async (request) => expect(await refusalOf(bench.catalog.listSalons(request))).toBe('PLACE_INVALID'),
  );
});

describe('ListSalons in an order', () => {
  it("sorts by the name in the caller's language, whatever its capitals and accents", async () => {
    expect(await find({ sort: SalonSort.NAME })).toEqual(['amber', 'Élan', 'Nowhere', 'Zahra']);
    const arabic = as(undefined, { 'accept-language': 'ar' });
    expect(await find({ sort: SalonSort.NAME }, arabic)).toEqual(['Zahra', 'Élan', 'Nowhere', 'amber']);
  });

  it('lists the newest first, and by default the oldest', async () => {
    const oldest = await find({});
    expect(oldest).toEqual(['Zahra', 'Élan', 'amber', 'Nowhere']);
    expect(await find({ sort: SalonSort.NEWEST })).toEqual([...oldest].reverse());
  });
});

describe('ListSalons by service', () => {
  it('finds who offers it by words in either script, not who offered it', async () => {
    const { id: salonId, manager } = riyadh;
    const made = await bench.catalog.createService(
      { salonId, name: { ar: 'حِنّاء العروس', en: 'Bridal henna' }, durationMinutes: 60, price: { currency: 'SAR' } },
      as(manager),
    );
    expect(await find({ service: 'HENNA bridal' })).toEqual(['Zahra']);
    expect(await find({ service: 'حناء' })).toEqual(['Zahra']);
    expect(await find({ service: 'henna haircut' })).toEqual([]);
    expect(await find({ service: 'he%na' })).toEqual([]);
    await bench.catalog.updateService({ serviceId: made.id, active: false }, as(manager));
    expect(await find({ service: 'henna' })).toEqual([]);
    await bench.catalog.updateService({ serviceId: made.id, active: true }, as(manager));
    await bench.catalog.deleteService({ serviceId: made.id }, as(manager));
    expect(await find({ service: 'henna' })).toEqual([]);
  });
});

describe('ListSalons of my own', () => {
  it('lists the salons that the caller runs, drafts too, and asks strangers to sign in', async () => {
    const draft = await makeSalon(bench, { isDraft: true });
    const ids = async (who: typeof draft.manager) =>
      (await bench.catalog.listSalons({ mine: true }, as(who))).salons.map(({ id }) => id);
    expect(await ids(draft.manager)).toEqual([draft.id]);
    expect(await ids(jeddah.manager)).toEqual([jeddah.id]);
    expect(await ids(person('customer'))).toEqual([]);
    expect(await ids({ ...draft.manager, role: 'customer' })).toEqual([]);
    expect(await refusalOf(bench.catalog.listSalons({ mine: true }))).toBe('UNAUTHENTICATED');
  });
});

describe('ListSalons that are open', () => {
  const hours = (opens: string, closes: string) => [{ day: DayOfWeek.MONDAY, opens, closes }];

  it('looks at the week, single dates, seasons and prayer pauses', async () => {
    const set = (salon: MadeSalon, rest: object) =>
      bench.availability.setSalonHours({ salonId: salon.id, ...rest }, as(salon.manager));
    await set(riyadh, { weekly: hours('10:00', '18:00') });
    await set(diriyah, {
      weekly: hours('10:00', '18:00'),
      exceptions: [{ date: '2026-11-23', spans: [{ opens: '20:00', closes: '22:00' }] }],
    });
    const ramadan = {
      key: 'ramadan',
      name: { ar: 'رمضان', en: 'Ramadan' },
      hijriMonth: 9,
      weekly: hours('21:00', '24:00'),
    };
    await set(jeddah, { weekly: hours('10:00', '18:00'), seasons: [ramadan] });
    const open = async (iso: string) => (await find({ openAt: at(iso) })).filter((name) => name !== 'Nowhere');
    // 23 November 2026 is a Monday; Riyadh is three hours ahead of UTC.
    expect(await open('2026-11-23T07:00:00Z')).toEqual(['Zahra', 'amber']);
    expect(await open('2026-11-23T06:59:59Z')).toEqual([]);
    expect(await open('2026-11-23T15:00:00Z')).toEqual([]);
    expect(await open('2026-11-23T17:00:00Z')).toEqual(['Élan']);
    // 22 February 2027 is a Monday in Ramadan.
    expect(await open('2027-02-22T08:00:00Z')).toEqual(['Zahra', 'Élan']);
    expect(await open('2027-02-22T18:30:00Z')).toEqual(['amber']);
    const pauses = { prayers: [Prayer.DHUHR], lengthMinutes: 30 };
    await bench.catalog.updateSalon({ salonId: riyadh.id, prayerPauses: pauses }, as(riyadh.manager));
    // Noon prayer in Riyadh is at about 11:40.
    expect(await open('2026-11-23T08:50:00Z')).toEqual(['amber']);
    expect(await open('2026-11-23T09:30:00Z')).toEqual(['Zahra', 'amber']);
  });

  it('finds none at a moment that no calendar has', async () => {
    expect(await find({ openAt: { seconds: -62_135_596_800n } })).toEqual([]);
  });
});
