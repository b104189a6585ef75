import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableReason } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { Audience } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, person, startOfTests } from './support/bench.ts';
import { countStatements } from './support/count-statements.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';
import { makeRoom, needOneOf } from './support/resources.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const at = (text: string) => timestampFromDate(new Date(text));
const free = '2026-11-23T08:00:00Z';

interface Wish {
  salonId?: string;
  serviceId?: string;
  staffId?: string;
  startAt?: string;
  audience?: Audience;
}

function toQuery(salon: MadeSalon, { serviceId, staffId, startAt, ...rest }: Wish) {
  const items = [{ serviceId: serviceId ?? salon.serviceIds[0] ?? '', staffId: staffId ?? '' }];
  return { salonId: salon.id, items, startAt: at(startAt ?? free), ...rest };
}

async function check(salon: MadeSalon, wishes: Wish[]) {
  const queries = wishes.map((wish) => toQuery(salon, wish));
  return (await bench.availability.checkAvailability({ queries })).answers;
}

function book(salon: MadeSalon, serviceId: string, startAt: string) {
  const order = { salonId: salon.id, items: [{ serviceId }], startAt: at(startAt) };
  return bench.bookings.createBooking(order, as(person('customer')));
}

describe('CheckAvailability', () => {
  it('gives each wish its own reason, in the order of the wishes', async () => {
    const salon = await makeSalon(bench, {
      services: [{ minutes: 60 }, { minutes: 30 }],
      staff: [[0], [1]],
      minNoticeMinutes: 60,
    });
    const draft = await makeSalon(bench, { isDraft: true });
    const [bath = '', cut = ''] = salon.serviceIds;
    const [cutter = ''] = salon.staffIds.slice(1);
    const room = await makeRoom(bench, salon);
    for (const serviceId of [bath, cut]) await needOneOf(bench, salon, { serviceId, resourceIds: [room.id] });
    const weekly = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, opens: '10:00', closes: '17:00' }));
    await bench.availability.setStaffAvailability({ staffId: cutter, weekly }, as(salon.manager));
    await book(salon, bath, '2026-11-23T09:00:00Z');
    const answers = await check(salon, [
      { salonId: uuidv7() },
      { salonId: draft.id, serviceId: draft.serviceIds[0] ?? '' },
      { serviceId: uuidv7() },
      { serviceId: bath, staffId: cutter },
      { audience: Audience.MEN },
      { startAt: '2026-11-23T08:07:00Z' },
      { startAt: '2026-11-22T09:45:00Z' },
      { startAt: '2027-11-23T08:00:00Z' },
      { startAt: '2026-11-23T15:00:00Z' },
      { serviceId: cut, startAt: '2026-11-23T14:00:00Z' },
      { startAt: '2026-11-23T09:30:00Z' },
      { serviceId: cut, startAt: '2026-11-23T09:30:00Z' },
      { audience: Audience.LADIES },
      { startAt: '0001-01-01T00:00:00Z' },
    ]);
    expect(answers.map(({ reason }) => UnavailableReason[reason])).toEqual([
      'SALON_NOT_BOOKABLE',
      'SALON_NOT_BOOKABLE',
      'SERVICE_NOT_OFFERED',
      'STAFF_NOT_AVAILABLE',
      'AUDIENCE',
      'OFF_GRID',
      'NOTICE',
      'BEYOND_WINDOW',
      'CLOSED',
      'STAFF_OFF',
      'TAKEN',
      'RESOURCE_BUSY',
      'UNSPECIFIED',
      'OFF_GRID',
    ]);
    expect(answers.map(({ available }) => available)).toEqual(answers.map(({ reason }) => reason === 0));
    expect(answers[12]).toMatchObject({ endAt: at('2026-11-23T09:00:00Z'), staffIds: salon.staffIds.slice(0, 1) });
    expect([answers[10]?.endAt, answers[10]?.staffIds]).toEqual([undefined, []]);
  });

  it('asks once for a hundred wishes in ten salons', async () => {
    const salons = await Promise.all(Array.from({ length: 10 }, () => makeSalon(bench)));
    const [first] = salons;
    if (!first) throw new Error('no salon');
    await book(first, first.serviceIds[0] ?? '', free);
    const queries = salons.flatMap((salon) => Array.from({ length: 10 }, () => toQuery(salon, {})));
    const ask = () => bench.availability.checkAvailability({ queries });
    await ask();
    expect(await countStatements(bench.ctx, ask)).toBe(1);
    const { answers } = await ask();
    expect(answers.map(({ available }) => available)).toEqual(queries.map((_, index) => index >= 10));
  });

  it('answers by the catalogue as it is, not as it was when it was asked before', async () => {
    const salon = await makeSalon(bench);
    const before = await check(salon, [{}]);
    await bench.catalog.unpublishSalon({ salonId: salon.id }, as(salon.manager));
    const after = await check(salon, [{}]);
    expect([before, after].map(([answer]) => answer?.reason)).toEqual([
      UnavailableReason.UNSPECIFIED,
      UnavailableReason.SALON_NOT_BOOKABLE,
    ]);
  });
});
