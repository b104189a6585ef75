import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Audience } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, refusalOf, startOfTests } from './support/bench.ts';
import { countStatements } from './support/count-statements.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const at = (text: string) => timestampFromDate(new Date(text));

interface Ask {
  serviceIds?: string[];
  staffId?: string;
  from?: ReturnType<typeof at>;
  count?: number;
  audience?: Audience;
}

async function find(salon: MadeSalon, ask: Ask = {}): Promise<string[]> {
  const wish = { salonId: salon.id, serviceIds: salon.serviceIds, ...ask };
  const { slots } = await bench.availability.findNextAvailable(wish);
  return slots.map(({ startAt }) => (startAt ? timestampDate(startAt).toISOString().slice(0, 16) : ''));
}

function takeOff({ staffIds, manager }: MadeSalon, [startAt, endAt]: [string, string]) {
  const staffId = staffIds[0] ?? '';
  return bench.availability.createTimeOff({ staffId, startAt: at(startAt), endAt: at(endAt) }, as(manager));
}

describe('FindNextAvailable', () => {
  it('finds the first time from now on, or as many as are asked for', async () => {
    const salon = await makeSalon(bench, { minNoticeMinutes: 20 });
    expect(await find(salon)).toEqual(['2026-11-22T09:30']);
    expect(await find(salon, { count: 3 })).toEqual(['2026-11-22T09:30', '2026-11-22T09:45', '2026-11-22T10:00']);
    expect(await find(salon, { from: at('2026-11-22T14:00:00Z'), count: 2 })).toEqual([
      '2026-11-22T14:00',
      '2026-11-23T07:00',
    ]);
    expect(await find(salon, { from: at('2020-01-01T00:00:00Z') })).toEqual(['2026-11-22T09:30']);
  });

  it('looks on until the last moment for which the salon takes bookings, and no further', async () => {
    const salon = await makeSalon(bench);
    await takeOff(salon, ['2026-11-22T00:00:00Z', '2027-02-20T08:59:00Z']);
    expect(await find(salon, { count: 20 })).toEqual(['2027-02-20T09:00']);
    await takeOff(salon, ['2027-02-20T08:59:00Z', '2027-03-20T00:00:00Z']);
    expect(await find(salon)).toEqual([]);
    expect(await find(salon, { from: at('2027-04-01T00:00:00Z') })).toEqual([]);
    expect(await find(salon, { from: at('9999-12-31T23:59:59Z') })).toEqual([]);
  });

  it('reads little where there is room, and more in steps that grow where there is none', async () => {
    const salon = await makeSalon(bench);
    await find(salon);
    expect(await countStatements(bench.ctx, () => find(salon))).toBe(1);
    await takeOff(salon, ['2026-11-22T00:00:00Z', '2027-06-01T00:00:00Z']);
    // 2, 4, 8, 16, 31 and 31 days.
    expect(await countStatements(bench.ctx, () => find(salon))).toBe(6);
  });

  it('refuses what can be found at no time', async () => {
    const salon = await makeSalon(bench, { staff: [[0]], services: [{ minutes: 30 }, { minutes: 30 }] });
    const draft = await makeSalon(bench, { isDraft: true });
    const [first = ''] = salon.serviceIds;
    const answers = await Promise.all([
      refusalOf(find(salon)),
      refusalOf(find(salon, { serviceIds: [uuidv7()] })),
      refusalOf(find(salon, { serviceIds: [first], audience: Audience.MEN })),
      refusalOf(find(draft)),
      refusalOf(find({ ...salon, id: uuidv7() })),
      refusalOf(find(salon, { serviceIds: [first], count: 21 })),
    ]);
    expect(answers).toEqual([
      'STAFF_NOT_AVAILABLE',
      'SERVICE_NOT_OFFERED',
      'AUDIENCE_MISMATCH',
      'NOT_FOUND',
      'NOT_FOUND',
      'VALIDATION_FAILED',
    ]);
  });
});
