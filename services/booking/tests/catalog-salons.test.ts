import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApprovalPolicy, Audience, PaymentPolicy, Prayer } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
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
const place = { latitude: 21.5, longitude: 39.2 };
const prayerPauses = { prayers: [Prayer.DHUHR, Prayer.ASR], lengthMinutes: 25 };

describe('CreateSalon', () => {
  it('gives what is not said the meaning of the contract', async () => {
    const salon = await bench.catalog.createSalon(plain, as(person('manager')));
    expect(salon.cancellationPolicy).toMatchObject({ freeUntilHours: 24, lateFeePercent: 50, noShowFeePercent: 100 });
    expect(salon.bookingRules).toMatchObject({
      maxOpenBookings: 10,
      approvalPolicy: ApprovalPolicy.AUTOMATIC,
      approvalMinutes: 720,
    });
    expect(salon.prayerPauses).toBeUndefined();
  });

  it('keeps everything that is said', async () => {
    const manager = person('manager');
    const bookingRules = {
      slotStepMinutes: 20,
      minNoticeMinutes: 5,
      maxAdvanceDays: 7,
      maxOpenBookings: 2,
      approvalPolicy: ApprovalPolicy.BY_SALON,
      approvalMinutes: 60,
    };
    const cancellationPolicy = { freeUntilHours: 0, lateFeePercent: 0, noShowFeePercent: 0 };
    const asked = { ...plain, place, prayerPauses, bookingRules, cancellationPolicy };
    const made = await bench.catalog.createSalon(asked, as(manager));
    expect(made).toMatchObject(asked);
    expect(await bench.catalog.getSalon({ salonId: made.id }, as(manager))).toEqual(made);
  });

  it('pauses twenty minutes when no length is given, and needs a place to pause', async () => {
    const make = (rest: object) => bench.catalog.createSalon({ ...plain, ...rest }, as(person('manager')));
    const { prayerPauses: kept } = await make({ place, prayerPauses: { prayers: [Prayer.ISHA] } });
    expect(kept).toMatchObject({ prayers: [Prayer.ISHA], lengthMinutes: 20 });
    expect((await make({ prayerPauses: { prayers: [], lengthMinutes: 30 } })).prayerPauses).toBeUndefined();
    expect(await refusalOf(make({ prayerPauses }))).toBe('PLACE_REQUIRED');
  });
});

describe('UpdateSalon', () => {
  it('changes each field that is sent, and no other', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const before = await bench.catalog.getSalon({ salonId });
    const changes = [
      { city: { ar: 'الدمام', en: 'Dammam' } },
      { place },
      { vatNumber: '300000000000003' },
      { vatNumber: '' },
      { prayerPauses },
      { cancellationPolicy: { freeUntilHours: 2, lateFeePercent: 10, noShowFeePercent: 30 } },
      { bookingRules: { ...before.bookingRules, approvalPolicy: ApprovalPolicy.BY_SALON, approvalMinutes: 30 } },
      { audience: Audience.EVERYONE },
    ];
    let expected: object = before;
    for (const change of changes) {
      const changed = await bench.catalog.updateSalon({ salonId, ...change } as never, as(manager));
      expected = { ...expected, ...change, etag: changed.etag, updatedAt: changed.updatedAt };
      expect(changed).toMatchObject(expected);
    }
    const salons = await bench.catalog.listSalons({ city: 'dammam' });
    expect(salons.salons.map(({ id }) => id)).toEqual([salonId]);
    const { prayerPauses: none } = await bench.catalog.updateSalon({ salonId, prayerPauses: {} }, as(manager));
    expect(none).toBeUndefined();
  });

  it('refuses pauses without a place, and writes nothing', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const before = await bench.catalog.getSalon({ salonId });
    const change = bench.catalog.updateSalon({ salonId, prayerPauses, name: { ar: 'ن', en: 'n' } }, as(manager));
    expect(await refusalOf(change)).toBe('PLACE_REQUIRED');
    expect(await bench.catalog.getSalon({ salonId })).toEqual(before);
  });

  it('refuses an audience without the people of its services', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const become = (audience: Audience) => refusalOf(bench.catalog.updateSalon({ salonId, audience }, as(manager)));
    expect(await become(Audience.MEN)).toBe('AUDIENCE_CONFLICT');
    expect(await become(Audience.EVERYONE)).toBe('none');
    expect(await become(Audience.MEN)).toBe('AUDIENCE_CONFLICT');
    expect(await become(Audience.LADIES)).toBe('none');
  });

  it('lets one of two changes of one version win', async () => {
    const { id: salonId, manager } = await makeSalon(bench);
    const { etag } = await bench.catalog.getSalon({ salonId });
    const change = (en: string) =>
      refusalOf(
        bench.catalog.updateSalon({ salonId, name: { ar: 'ا', en } }, as(manager, { 'if-match': `"${etag}"` })),
      );
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(change));
    expect(answers.sort()).toEqual(['STALE_ETAG', 'STALE_ETAG', 'STALE_ETAG', 'none']);
  });

  it('never ends with a service for people whom the salon does not serve', async () => {
    const { id: salonId, manager, serviceIds } = await makeSalon(bench);
    const everyone = { serviceId: serviceIds[0] ?? '', audience: Audience.EVERYONE };
    await bench.catalog.updateService(everyone, as(manager));
    const price = { amount: 1n, currency: 'SAR' };
    const service = { salonId, name: plain.name, durationMinutes: 30, price, audience: Audience.LADIES };
    const answers = await Promise.all([
      refusalOf(bench.catalog.updateSalon({ salonId, audience: Audience.MEN }, as(manager))),
      refusalOf(bench.catalog.createService(service, as(manager))),
    ]);
    expect([...answers].sort()).toEqual(['AUDIENCE_CONFLICT', 'none']);
  });
});

describe('PublishSalon and UnpublishSalon', () => {
  it('say the same to all who ask at once, and count one change', async () => {
    const { id: salonId, manager } = await makeSalon(bench, { isDraft: true });
    const { etag } = await bench.catalog.getSalon({ salonId }, as(manager));
    for (const move of ['publishSalon', 'unpublishSalon'] as const) {
      const ask = () => bench.catalog[move]({ salonId }, as(manager, { 'if-match': '*' }));
      const answers = await Promise.all([ask(), ask(), ask(), ask()]);
      expect(new Set(answers.map((answer) => answer.etag)).size).toBe(1);
      expect(await bench.catalog.getSalon({ salonId }, as(manager))).toEqual(answers[0]);
    }
    const stale = as(manager, { 'if-match': `"${etag}"` });
    expect(await refusalOf(bench.catalog.publishSalon({ salonId }, stale))).toBe('STALE_ETAG');
    expect(await refusalOf(bench.catalog.unpublishSalon({ salonId }, stale))).toBe('none');
  });
});
