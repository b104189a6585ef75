import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestClock, silentLogger } from '@mawid/service-kit/testing';
import { type Calendars, createCalendars } from '../src/calendar/create-calendars.ts';
import { readCalendar } from '../src/calendar/read-calendar.ts';
import { type Context, closeContext, createContext } from '../src/context.ts';
import {
  as,
  type Bench,
  type Clients,
  createClients,
  openBench,
  person,
  refusalOf,
  startOfTests,
} from './support/bench.ts';
import { countStatements } from './support/count-statements.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

let bench: Bench;
// A second process of the service, as far as its memory goes.
let otherContext: Context;
let other: Clients;
beforeAll(async () => {
  bench = await openBench();
  otherContext = await createContext(bench.ctx.config, {
    clock: createTestClock(startOfTests),
    logger: silentLogger(),
  });
  other = createClients(otherContext);
});
afterAll(async () => {
  await closeContext(otherContext);
  await otherContext.telemetry.shutdown();
  await bench.close();
});
beforeEach(() => bench.clock.set(startOfTests));

const at = (text: string) => timestampFromDate(new Date(text));
const week = [1, 2, 3, 4, 5, 6, 7];

async function countSlots({ availability }: Clients, { id, serviceIds }: MadeSalon): Promise<number> {
  const span = { from: at('2026-11-23T00:00:00Z'), to: at('2026-11-24T00:00:00Z') };
  return (await availability.listSlots({ salonId: id, serviceIds, ...span })).slots.length;
}

function closeEarly(salon: MadeSalon) {
  const weekly = week.map((day) => ({ day, opens: '10:00', closes: '12:00' }));
  return bench.availability.setSalonHours({ salonId: salon.id, weekly }, as(salon.manager));
}

function open(maxSalons: number): Calendars {
  const { database, metrics } = bench.ctx;
  return createCalendars({ shared: database, maxSalons, reads: metrics.calendarReads });
}

describe('a calendar that is kept in memory', () => {
  const changes: [string, (salon: MadeSalon) => Promise<unknown>, number][] = [
    ['hours of the salon', closeEarly, 5],
    [
      'hours of the staff',
      ({ staffIds, manager }) => {
        const weekly = week.map((day) => ({ day, opens: '10:00', closes: '11:00' }));
        return bench.availability.setStaffAvailability({ staffId: staffIds[0] ?? '', weekly }, as(manager));
      },
      1,
    ],
    [
      'a service',
      ({ serviceIds, manager }) =>
        bench.catalog.updateService({ serviceId: serviceIds[0] ?? '', durationMinutes: 480 }, as(manager)),
      1,
    ],
    [
      'the grid',
      ({ id, manager }) =>
        bench.catalog.updateSalon({ salonId: id, bookingRules: { slotStepMinutes: 60 } }, as(manager)),
      8,
    ],
  ];

  it.each(changes)('is never offered by again once %s changed in another process', async (_, change, expected) => {
    const salon = await makeSalon(bench);
    expect([await countSlots(bench, salon), await countSlots(other, salon)]).toEqual([29, 29]);
    await change(salon);
    expect([await countSlots(other, salon), await countSlots(bench, salon)]).toEqual([expected, expected]);
  });

  it('takes one statement more once it has been overtaken', async () => {
    const salon = await makeSalon(bench);
    await countSlots(other, salon);
    await closeEarly(salon);
    const count = () => countStatements(otherContext, () => countSlots(other, salon));
    expect([await count(), await count()]).toEqual([2, 1]);
  });

  it('books no time that is offered no more, and the new times at once', async () => {
    const salon = await makeSalon(bench);
    const items = [{ serviceId: salon.serviceIds[0] ?? '' }];
    const book = (startAt: string) =>
      other.bookings.createBooking({ salonId: salon.id, items, startAt: at(startAt) }, as(person('customer')));
    await countSlots(other, salon);
    await closeEarly(salon);
    expect(await refusalOf(book('2026-11-23T12:00:00Z'))).toBe('OUTSIDE_WORKING_HOURS');
    const weekly = week.map((day) => ({ day, opens: '10:00', closes: '20:00' }));
    await bench.availability.setSalonHours({ salonId: salon.id, weekly }, as(salon.manager));
    await bench.availability.setStaffAvailability({ staffId: salon.staffIds[0] ?? '', weekly }, as(salon.manager));
    expect(await refusalOf(book('2026-11-23T16:00:00Z'))).toBe('none');
  });

  it('brings the claims of staff who came meanwhile', async () => {
    const salon = await makeSalon(bench);
    await countSlots(other, salon);
    const made = await bench.catalog.createStaffMember(
      { salonId: salon.id, name: { ar: 'هند', en: 'Hind' }, serviceIds: salon.serviceIds },
      as(salon.manager),
    );
    const weekly = week.map((day) => ({ day, opens: '10:00', closes: '18:00' }));
    await bench.availability.setStaffAvailability({ staffId: made.id, weekly }, as(salon.manager));
    const off = { startAt: at('2026-11-23T09:00:00Z'), endAt: at('2026-11-23T10:00:00Z') };
    await bench.availability.createTimeOff({ staffId: made.id, ...off }, as(salon.manager));
    const span = { from: Date.parse('2026-11-23T00:00Z'), to: Date.parse('2026-11-24T00:00Z') };
    const query = { salonId: salon.id, serviceIds: salon.serviceIds, span, now: new Date(startOfTests) };
    const calendar = await readCalendar(otherContext, otherContext.database, query);
    expect(calendar?.staff.map(({ busy }) => busy)).toEqual([
      [],
      [{ from: Date.parse('2026-11-23T09:00Z'), to: Date.parse('2026-11-23T10:00Z') }],
    ]);
  });
});

describe('createCalendars', () => {
  it('reads a salon once for all who ask at the same time', async () => {
    const salon = await makeSalon(bench);
    const calendars = open(10);
    const ask = () => calendars.get(bench.ctx.database, salon.id);
    const found: unknown[] = [];
    const count = await countStatements(bench.ctx, async () => {
      found.push(...(await Promise.all(Array.from({ length: 20 }, ask))), await ask());
    });
    expect([count, new Set(found).size]).toEqual([1, 1]);
  });

  it('forgets whose use is longest ago', async () => {
    const [a, b, c] = await Promise.all([makeSalon(bench), makeSalon(bench), makeSalon(bench)]);
    const calendars = open(2);
    const countOf = (salon: MadeSalon) => countStatements(bench.ctx, () => calendars.get(bench.ctx.database, salon.id));
    const counts: number[] = [];
    for (const salon of [a, b, a, c, a, b]) counts.push(await countOf(salon));
    expect(counts).toEqual([1, 1, 0, 1, 0, 1]);
  });

  it('does not keep a read that failed, and answers the next', async () => {
    const salon = await makeSalon(bench);
    const calendars = open(10);
    const { database } = bench.ctx;
    const { query } = database;
    database.query = (statement) =>
      statement.name === 'calendar.load' ? Promise.reject(new Error('lost connection')) : query(statement);
    const failures = await Promise.allSettled([calendars.get(database, salon.id), calendars.get(database, salon.id)]);
    database.query = query;
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await calendars.get(database, salon.id))?.salon.id).toBe(salon.id);
  });

  it('reads on the connection of a transaction, for which others may be waiting', async () => {
    const salon = await makeSalon(bench);
    const calendars = open(10);
    const { database } = bench.ctx;
    const inTransaction = () => database.transaction((tx) => calendars.get(tx, salon.id));
    // As many as the pool has connections: a read through the pool would wait for ever.
    const found = await Promise.all(Array.from({ length: 16 }, inTransaction));
    expect(found.map((calendar) => calendar?.salon.id)).toEqual(found.map(() => salon.id));
  });
});
