import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Audience, Gender, ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
let serviceId: string;
beforeAll(async () => {
  bench = await openBench();
});
beforeEach(async () => {
  salon = await makeSalon(bench);
  serviceId = salon.serviceIds[0] ?? '';
});
afterAll(() => bench.close());

type Change = Parameters<Bench['catalog']['updateService']>[0];
const update = (change: Change) => bench.catalog.updateService({ serviceId, ...change }, as(salon.manager));
const name = { ar: 'ا', en: 'a' };

async function makeRoom(owner: MadeSalon): Promise<string> {
  const made = await bench.catalog.createResource(
    { salonId: owner.id, name, kind: ResourceKind.ROOM },
    as(owner.manager),
  );
  return made.id;
}

describe('UpdateService', () => {
  it('changes each field that is sent, and no other', async () => {
    let expected: object = await bench.catalog.getService({ serviceId });
    const changes: Change[] = [
      { name: { ar: 'صبغة', en: 'Colour' } },
      { description: { ar: 'و', en: 'd' } },
      { category: 'hair' },
      { durationMinutes: 45 },
      { bufferBeforeMinutes: 5 },
      { bufferAfterMinutes: 10 },
      { bufferAfterMinutes: 0 },
      { price: { amount: 0n, currency: 'SAR' } },
      { audience: Audience.EVERYONE },
      { active: false },
      { active: true },
    ];
    for (const change of changes) {
      const changed = await update(change);
      expected = { ...expected, ...change, etag: changed.etag, updatedAt: changed.updatedAt };
      expect(changed).toMatchObject(expected);
    }
    expect(await bench.catalog.getService({ serviceId })).toMatchObject(expected);
  });

  it('honours If-Match, and is the manager’s', async () => {
    const { etag } = await update({ category: 'x' });
    const change = (who: typeof salon.manager, ifMatch = '*') =>
      refusalOf(bench.catalog.updateService({ serviceId, category: 'y' }, as(who, { 'if-match': ifMatch })));
    expect(await change(salon.manager, `"${etag}"`)).toBe('none');
    expect(await change(salon.manager, `"${etag}"`)).toBe('STALE_ETAG');
    expect(await change(person('manager'))).toBe('PERMISSION_DENIED');
    await update({ active: false });
    expect(await change(person('manager'))).toBe('NOT_FOUND');
  });

  it('refuses an audience that the salon does not serve; everyone means its own people', async () => {
    expect(await refusalOf(update({ audience: Audience.MEN }))).toBe('AUDIENCE_CONFLICT');
    expect(await refusalOf(update({ audience: Audience.EVERYONE }))).toBe('none');
    const price = { amount: 1n, currency: 'SAR' };
    const made = { salonId: salon.id, name, durationMinutes: 30, price, audience: Audience.MEN };
    expect(await refusalOf(bench.catalog.createService(made, as(salon.manager)))).toBe('AUDIENCE_CONFLICT');
  });

  it('refuses a gender that somebody who does it is not of', async () => {
    const staffId = salon.staffIds[0] ?? '';
    expect(await refusalOf(update({ staffGender: Gender.FEMALE }))).toBe('STAFF_GENDER_CONFLICT');
    await bench.catalog.updateStaffMember({ staffId, gender: Gender.FEMALE }, as(salon.manager));
    expect((await update({ staffGender: Gender.FEMALE })).staffGender).toBe(Gender.FEMALE);
    expect(await refusalOf(update({ staffGender: Gender.MALE }))).toBe('STAFF_GENDER_CONFLICT');
    expect((await update({ staffGender: Gender.UNSPECIFIED })).staffGender).toBe(Gender.UNSPECIFIED);
  });
});

describe('the needs of a service', () => {
  it('are kept in their order, and replaced as a whole', async () => {
    const [one, two, three] = [await makeRoom(salon), await makeRoom(salon), await makeRoom(salon)];
    const needs = [{ resourceIds: [two, three] }, { resourceIds: [one] }];
    expect((await update({ resourceNeeds: { needs } })).resourceNeeds).toMatchObject(needs);
    expect((await update({ category: 'x' })).resourceNeeds).toMatchObject(needs);
    expect((await bench.catalog.getService({ serviceId })).resourceNeeds).toMatchObject(needs);
    const { services } = await bench.catalog.listServices({ salonId: salon.id });
    expect(services[0]?.resourceNeeds).toMatchObject(needs);
    const other = [{ resourceIds: [one.toUpperCase()] }];
    expect((await update({ resourceNeeds: { needs: other } })).resourceNeeds).toMatchObject([{ resourceIds: [one] }]);
    expect((await update({ resourceNeeds: {} })).resourceNeeds).toEqual([]);
  });

  it('are of this salon, there, and named once', async () => {
    const [room, gone] = [await makeRoom(salon), await makeRoom(salon)];
    const foreign = await makeRoom(await makeSalon(bench));
    await bench.catalog.deleteResource({ resourceId: gone }, as(salon.manager));
    const set = (...needs: string[][]) =>
      refusalOf(update({ resourceNeeds: { needs: needs.map((resourceIds) => ({ resourceIds })) } }));
    const before = await bench.catalog.getService({ serviceId });
    expect([
      await set([foreign]),
      await set([gone]),
      await set([room], [room]),
      await set([room, room.toUpperCase()]),
    ]).toEqual(Array(4).fill('RESOURCE_UNKNOWN'));
    expect(await set([])).toBe('VALIDATION_FAILED');
    expect(await bench.catalog.getService({ serviceId })).toEqual(before);
  });
});

describe('DeleteService', () => {
  it('hides the service from everybody, twice as once', async () => {
    const remove = (who: typeof salon.manager, headers = {}) =>
      refusalOf(bench.catalog.deleteService({ serviceId }, as(who, headers)));
    expect(await remove(person('manager'))).toBe('PERMISSION_DENIED');
    expect(await remove(salon.manager, { 'if-match': '"v99"' })).toBe('STALE_ETAG');
    expect([await remove(salon.manager), await remove(salon.manager)]).toEqual(['none', 'none']);
    expect(await remove(person('manager'))).toBe('NOT_FOUND');
    expect(await refusalOf(bench.catalog.getService({ serviceId }, as(salon.manager)))).toBe('NOT_FOUND');
    expect(await refusalOf(update({ category: 'x' }))).toBe('NOT_FOUND');
    expect((await bench.catalog.listServices({ salonId: salon.id }, as(salon.manager))).services).toEqual([]);
    const staff = await bench.catalog.getStaffMember({ staffId: salon.staffIds[0] ?? '' });
    expect(staff.serviceIds).toEqual([]);
    expect(await refusalOf(bench.catalog.deleteService({ serviceId: salon.id }, as(salon.manager)))).toBe('NOT_FOUND');
  });
});
