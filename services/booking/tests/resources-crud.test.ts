import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
beforeAll(async () => {
  bench = await openBench();
  salon = await makeSalon(bench);
});
afterAll(() => bench.close());

const name = { ar: 'غرفة', en: 'Room' };
const make = (owner: MadeSalon = salon) =>
  bench.catalog.createResource({ salonId: owner.id, name, kind: ResourceKind.ROOM }, as(owner.manager));

describe('the resources of a salon', () => {
  it('are made, read, changed and listed in the order of their making', async () => {
    const own = await makeSalon(bench);
    const [one, two] = [await make(own), await make(own)];
    expect(one).toMatchObject({ salonId: own.id, name, kind: ResourceKind.ROOM, active: true });
    expect(await bench.catalog.getResource({ resourceId: one.id })).toEqual(one);
    const page = await bench.catalog.listResources({ salonId: own.id, pageSize: 1 });
    expect(page.resources).toEqual([one]);
    const { resources } = await bench.catalog.listResources({ salonId: own.id, pageToken: page.nextPageToken });
    expect(resources).toEqual([two]);
    const change = { resourceId: one.id, kind: ResourceKind.CHAIR };
    const changed = await bench.catalog.updateResource(change, as(own.manager, { 'if-match': `"${one.etag}"` }));
    expect(changed).toMatchObject({ name, kind: ResourceKind.CHAIR, active: true });
    const again = bench.catalog.updateResource(change, as(own.manager, { 'if-match': `"${one.etag}"` }));
    expect(await refusalOf(again)).toBe('STALE_ETAG');
  });

  it('are seen by their manager alone while inactive, and by nobody when deleted', async () => {
    const { id: resourceId } = await make();
    const seen = async (who?: MadeSalon['manager']) => [
      await refusalOf(bench.catalog.getResource({ resourceId }, as(who))),
      (await bench.catalog.listResources({ salonId: salon.id }, as(who))).resources.some(({ id }) => id === resourceId),
    ];
    await bench.catalog.updateResource({ resourceId, active: false }, as(salon.manager));
    expect([await seen(), await seen(salon.manager)]).toEqual([
      ['NOT_FOUND', false],
      ['none', true],
    ]);
    const remove = (who: MadeSalon['manager'], headers = {}) =>
      refusalOf(bench.catalog.deleteResource({ resourceId }, as(who, headers)));
    expect(await remove(person('manager'))).toBe('NOT_FOUND');
    expect(await remove(salon.manager, { 'if-match': '"v1"' })).toBe('STALE_ETAG');
    expect([await remove(salon.manager), await remove(salon.manager)]).toEqual(['none', 'none']);
    expect(await seen(salon.manager)).toEqual(['NOT_FOUND', false]);
    expect(await remove(person('manager'))).toBe('NOT_FOUND');
  });

  it('stay while a service needs them', async () => {
    const { id: resourceId } = await make();
    const needs = { serviceId: salon.serviceIds[0] ?? '', resourceNeeds: { needs: [{ resourceIds: [resourceId] }] } };
    await bench.catalog.updateService(needs, as(salon.manager));
    const remove = () => refusalOf(bench.catalog.deleteResource({ resourceId }, as(salon.manager)));
    expect(await remove()).toBe('RESOURCE_IN_USE');
    await bench.catalog.updateService({ ...needs, resourceNeeds: { needs: [] } }, as(salon.manager));
    expect(await remove()).toBe('none');
  });

  it('stay while a booking to come has them', async () => {
    const own = await makeSalon(bench);
    const { id: resourceId } = await make(own);
    const serviceId = own.serviceIds[0] ?? '';
    const needs = (list: { resourceIds: string[] }[]) =>
      bench.catalog.updateService({ serviceId, resourceNeeds: { needs: list } }, as(own.manager));
    await needs([{ resourceIds: [resourceId] }]);
    const startAt = timestampFromDate(new Date('2026-11-24T07:00:00Z'));
    const who = person('customer');
    const { id } = await bench.bookings.createBooking({ salonId: own.id, items: [{ serviceId }], startAt }, as(who));
    await needs([]);
    const remove = () => refusalOf(bench.catalog.deleteResource({ resourceId }, as(own.manager)));
    expect(await remove()).toBe('RESOURCE_IN_USE');
    await bench.bookings.cancelBooking({ bookingId: id }, as(who));
    expect(await remove()).toBe('none');
  });
});
