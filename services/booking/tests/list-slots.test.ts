import { timestampFromDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DayOfWeek, type Slot } from '@mawid/contracts/gen/mawid/booking/v1/availability_service_pb.js';
import { Audience, Gender, PaymentPolicy } from '@mawid/contracts/gen/mawid/booking/v1/salon_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, type Person, person, refusalOf, startOfTests } from './support/bench.ts';
import { countStatements, recordStatements } from './support/count-statements.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';
import { makeRoom, needOneOf } from './support/resources.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.clock.set(startOfTests));

const at = (text: string) => timestampFromDate(new Date(text));

interface Ask {
  serviceIds: string[];
  staffId: string;
  audience: Audience;
  staffGender: Gender;
  movingBookingId: string;
  who: Person | undefined;
}

function list(salon: MadeSalon, [from, to]: [string, string], { who, ...more }: Partial<Ask> = {}) {
  const span = { from: at(from), to: at(to) };
  return bench.availability.listSlots({ salonId: salon.id, serviceIds: salon.serviceIds, ...span, ...more }, as(who));
}

const clocks = (slots: readonly Slot[]) =>
  slots.map(({ startAt }) => new Date(Number(startAt?.seconds) * 1_000).toISOString().slice(11, 16));

describe('ListSlots', () => {
  it('offers the grid within salon and staff hours, with who is free', async () => {
    const salon = await makeSalon(bench, { opens: '10:00', closes: '12:00', staff: [undefined, undefined] });
    const weekly = [{ day: DayOfWeek.MONDAY, opens: '10:30', closes: '12:00' }];
    await bench.availability.setStaffAvailability({ staffId: salon.staffIds[1] ?? '', weekly }, as(salon.manager));
    const { slots, timeZone } = await list(salon, ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z']);
    expect(clocks(slots)).toEqual(['07:00', '07:15', '07:30', '07:45', '08:00']);
    expect(slots.map(({ staffIds }) => staffIds.length)).toEqual([1, 1, 2, 2, 2]);
    expect(timeZone).toBe('Asia/Riyadh');
    const one = await list(salon, ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'], {
      staffId: salon.staffIds[1] ?? '',
    });
    expect(clocks(one.slots)).toEqual(['07:30', '07:45', '08:00']);
  });

  it('works over midnight and in a zone of half hours', async () => {
    const salon = await makeSalon(bench, {
      timeZone: 'Asia/Kathmandu',
      opens: '00:00',
      closes: '24:00',
      services: [{ minutes: 120 }],
    });
    const { slots } = await list(salon, ['2026-11-23T17:00:00Z', '2026-11-23T19:00:00Z']);
    expect(clocks(slots)).toEqual(['17:00', '17:15', '17:30', '17:45', '18:00', '18:15', '18:30', '18:45']);
  });

  it('offers nothing but what can be booked, and everything that can', async () => {
    const salon = await makeSalon(bench, {
      services: [{ minutes: 45, before: 5, after: 10 }, { minutes: 30 }],
      staff: [[0], [0, 1], [1]],
      opens: '10:00',
      closes: '14:00',
      paymentPolicy: PaymentPolicy.IN_ADVANCE,
    });
    const [cut = '', colour = ''] = salon.serviceIds;
    const items = [{ serviceId: cut }, { serviceId: colour }];
    const book = (startAt: string, wanted = items) =>
      bench.bookings.createBooking({ salonId: salon.id, items: wanted, startAt: at(startAt) }, as(person('customer')));
    await book('2026-11-23T08:00:00Z');
    await book('2026-11-23T08:30:00Z', [{ serviceId: colour }]);
    const { slots } = await list(salon, ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z']);
    const offered = new Set(slots.map(({ startAt }) => startAt && timestampMs(startAt)));
    expect(offered.size).toBeGreaterThan(3);
    for (
      let moment = Date.parse('2026-11-23T06:00:00Z');
      moment < Date.parse('2026-11-23T12:00:00Z');
      moment += 900_000
    ) {
      const answer = await refusalOf(book(new Date(moment).toISOString()));
      expect([new Date(moment).toISOString(), answer === 'none']).toEqual([
        new Date(moment).toISOString(),
        offered.has(moment),
      ]);
      // What was booked for the trial lapses, so that every offer is tried against the same calendar.
      await bench.ctx.database.query({
        name: 'test.undo',
        text: `WITH gone AS (SELECT id FROM bookings WHERE salon_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)
               UPDATE claims SET active = false WHERE booking_id IN (SELECT id FROM gone)`,
        values: [salon.id, answer === 'none' ? 1 : 0],
      });
    }
  });

  it('takes one statement where the salon is known and two where it is not, however many people work there', async () => {
    const small = await makeSalon(bench);
    const large = await makeSalon(bench, { staff: Array.from({ length: 12 }, () => undefined) });
    const count = (salon: MadeSalon) =>
      countStatements(bench.ctx, () => list(salon, ['2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z']));
    expect([await count(small), await count(large)]).toEqual([2, 2]);
    expect([await count(small), await count(large)]).toEqual([1, 1]);
  });

  it('counts a room that is taken, whoever is free', async () => {
    const salon = await makeSalon(bench, { services: [{ minutes: 60 }, { minutes: 30 }], staff: [[0], [1]] });
    const [bath = '', cut = ''] = salon.serviceIds;
    const room = await makeRoom(bench, salon);
    for (const serviceId of [bath, cut]) await needOneOf(bench, salon, { serviceId, resourceIds: [room.id] });
    const items = [{ serviceId: bath }];
    await bench.bookings.createBooking(
      { salonId: salon.id, items, startAt: at('2026-11-23T08:00:00Z') },
      as(person('customer')),
    );
    const { slots } = await list(salon, ['2026-11-23T07:30:00Z', '2026-11-23T09:15:00Z'], { serviceIds: [cut] });
    expect(clocks(slots)).toEqual(['07:30', '09:00']);
  });

  it('offers nothing to those whom the salon does not serve, and only staff of the gender that is asked for', async () => {
    const salon = await makeSalon(bench, { staff: [undefined, undefined] });
    const [first = ''] = salon.staffIds;
    await bench.catalog.updateStaffMember({ staffId: first, gender: Gender.FEMALE }, as(salon.manager));
    const ask = (more: Partial<Ask>) =>
      list(salon, ['2026-11-23T08:00:00Z', '2026-11-23T08:15:00Z'], more).then(({ slots }) => slots[0]?.staffIds);
    expect(await refusalOf(ask({ audience: Audience.MEN }))).toBe('AUDIENCE_MISMATCH');
    expect(await ask({ audience: Audience.LADIES })).toEqual(salon.staffIds);
    expect(await ask({ staffGender: Gender.FEMALE })).toEqual([first]);
    expect(await refusalOf(ask({ staffGender: Gender.MALE }))).toBe('STAFF_NOT_AVAILABLE');
  });

  it('counts the time of a booking that is moved as free, for those who may move it', async () => {
    const salon = await makeSalon(bench, { opens: '10:00', closes: '12:00' });
    const other = await makeSalon(bench);
    const customer = person('customer');
    const items = [{ serviceId: salon.serviceIds[0] ?? '' }];
    const booking = await bench.bookings.createBooking(
      { salonId: salon.id, items, startAt: at('2026-11-23T08:00:00Z') },
      as(customer),
    );
    const ask = (who: Person | undefined, of = salon) =>
      list(of, ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'], { movingBookingId: booking.id, who }).then(
        ({ slots }) => clocks(slots),
      );
    expect(clocks((await list(salon, ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'])).slots)).toEqual(['07:00']);
    const all = ['07:00', '07:15', '07:30', '07:45', '08:00'];
    expect([await ask(customer), await ask(salon.manager), await ask(person('admin'))]).toEqual([all, all, all]);
    const strangers = [undefined, person('customer'), person('manager'), salon.staff[0]];
    for (const stranger of strangers) expect(await refusalOf(ask(stranger))).toBe('NOT_FOUND');
    expect(await refusalOf(ask(customer, other))).toBe('NOT_FOUND');
  });

  it('finds the claims by the index of the constraint, with a generic plan too', async () => {
    const salon = await makeSalon(bench);
    const sent = await recordStatements(bench.ctx, () => list(salon, ['2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z']));
    const reading = sent.filter(({ text }) => text.includes('FROM claims'));
    expect(reading).not.toEqual([]);
    const plans = reading.map(async ({ text }) => {
      // Without values: the plan that a statement has once it was prepared and has run a few times.
      const { rows } = await bench.ctx.database.pool.query(`EXPLAIN (GENERIC_PLAN) ${text}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    for (const plan of await Promise.all(plans)) {
      expect(plan).toContain('Index Scan using claims_no_overlap');
      expect(plan).not.toContain('Seq Scan on claims');
    }
  });

  it('refuses what it cannot answer', async () => {
    const salon = await makeSalon(bench, { staff: [[0]], services: [{ minutes: 30 }, { minutes: 30 }] });
    const draft = await makeSalon(bench, { isDraft: true });
    const day: [string, string] = ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'];
    const answers = await Promise.all([
      refusalOf(list(salon, [day[1], day[0]])),
      refusalOf(
        list(salon, ['2026-11-01T00:00:00Z', '2026-12-02T00:00:01Z'], { serviceIds: salon.serviceIds.slice(0, 1) }),
      ),
      refusalOf(
        list(salon, ['2026-11-01T00:00:00Z', '2026-12-02T00:00:00Z'], { serviceIds: salon.serviceIds.slice(0, 1) }),
      ),
      refusalOf(list(salon, day)),
      refusalOf(list(salon, day, { serviceIds: [uuidv7()] })),
      refusalOf(list(draft, day)),
      refusalOf(list({ ...salon, id: uuidv7() }, day)),
    ]);
    expect(answers).toEqual([
      'RANGE_INVALID',
      'RANGE_INVALID',
      'none',
      'STAFF_NOT_AVAILABLE',
      'SERVICE_NOT_OFFERED',
      'NOT_FOUND',
      'NOT_FOUND',
    ]);
  });
});
