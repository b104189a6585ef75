import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ResourceKind } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { TimeBlockKind } from '@mawid/contracts/gen/mawid/booking/v1/time_block_pb.js';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { factsOf } from './support/booking-books.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
let salon: MadeSalon;
let roomId: string;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.clock.set(startOfTests);
  salon = await makeSalon(bench, { staff: [undefined, undefined] });
  const name = { ar: 'غرفة', en: 'Room' };
  const owner = as(salon.manager);
  roomId = (await bench.catalog.createResource({ salonId: salon.id, name, kind: ResourceKind.ROOM }, owner)).id;
  const resourceNeeds = [{ resourceIds: [roomId] }];
  await bench.catalog.updateService(
    { serviceId: salon.serviceIds[0] ?? '', resourceNeeds: { needs: resourceNeeds } },
    owner,
  );
});

const at = (text: string) => timestampFromDate(new Date(text));
const morning = { startAt: at('2026-11-23T07:00:00Z'), endAt: at('2026-11-23T09:00:00Z') };

const block = (span = morning, who: Person = salon.manager) =>
  bench.availability.createResourceBlock({ resourceId: roomId, ...span, reason: 'Paint' }, as(who));

const free = (blockId: string, who: Person = salon.manager) =>
  bench.availability.deleteResourceBlock({ resourceId: roomId, blockId }, as(who));

function book(startAt: string) {
  const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
  return bench.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt) }, as(person('customer')));
}

describe('CreateResourceBlock', () => {
  it('makes what needs the resource wait', async () => {
    const made = await block();
    expect(made).toMatchObject({ salonId: salon.id, staffId: '', resourceId: roomId, kind: TimeBlockKind.BLOCK });
    expect(await factsOf(bench.ctx.database, made.id)).toEqual(['created']);
    expect(await refusalOf(book('2026-11-23T08:00:00Z'))).toBe('RESOURCE_BUSY');
    expect(await refusalOf(book('2026-11-23T09:00:00Z'))).toBe('none');
  });

  it('is refused where a booking has the resource, and where it is blocked', async () => {
    await book('2026-11-23T08:00:00Z');
    expect(await refusalOf(block())).toBe('TIME_HAS_BOOKINGS');
    const later = { startAt: morning.endAt, endAt: at('2026-11-24T00:00:00Z') };
    await block(later);
    expect(await refusalOf(block(later))).toBe('TIME_ALREADY_BLOCKED');
    expect(await refusalOf(block({ startAt: morning.endAt, endAt: morning.startAt }))).toBe('SPAN_INVALID');
  });

  it('is the right of the salon, not of its staff', async () => {
    const { id } = await block();
    for (const who of [salon.staff[0] ?? person('staff'), person('customer'), person('manager')]) {
      expect(await refusalOf(block(morning, who))).toBe('PERMISSION_DENIED');
      expect(await refusalOf(free(id, who))).toBe('PERMISSION_DENIED');
      const list = bench.availability.listResourceBlocks({ resourceId: roomId }, as(who));
      expect(await refusalOf(list)).toBe('PERMISSION_DENIED');
    }
    expect(await refusalOf(free(id, person('admin')))).toBe('none');
  });
});

describe('DeleteResourceBlock', () => {
  it('gives the resource back, and misses nothing that is gone', async () => {
    const { id } = await block();
    const { blocks } = await bench.availability.listResourceBlocks({ resourceId: roomId }, as(salon.manager));
    expect(blocks.map((each) => [each.id, each.reason])).toEqual([[id, 'Paint']]);
    await Promise.all([free(id), free(id)]);
    expect(await factsOf(bench.ctx.database, id)).toEqual(['created', 'deleted']);
    expect(await refusalOf(book('2026-11-23T08:00:00Z'))).toBe('none');
  });
});
