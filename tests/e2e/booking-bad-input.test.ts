import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@mawid/dev-stack';
import pg from 'pg';
import { type Person, signIn } from './people.ts';
import { always, bothNames, expectRefusal, inHours, type OpenSalon, openSalon, send, wishAt } from './salon-plan.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
let manager: Person;
let customer: Person;
let database: pg.Client;
let salon: OpenSalon;
let foreign: OpenSalon;
/** In New York, where clocks are set forward and back. */
let abroad: OpenSalon;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { OTP_RESEND_COOLDOWN_SECONDS: '0' } });
  manager = await signIn(stack, accounts.manager.phoneNumber);
  customer = await signIn(stack, newPhone());
  const services = [{}, {}, {}];
  salon = await openSalon(manager, { services, staff: 3, rules: { max_advance_days: 30, min_notice_minutes: 30 } });
  foreign = await openSalon(manager);
  abroad = await openSalon(manager, { salon: { time_zone: 'America/New_York' }, rules: { slot_step_minutes: 60 } });
  await send(manager, `PATCH /api/services/${salon.serviceIds[1]}`, { active: false });
  expect((await manager.call(`DELETE /api/services/${salon.serviceIds[2]}`)).status).toBe(204);
  await send(manager, `PATCH /api/staff/${salon.staffIds[1]}`, { active: false });
  expect((await manager.call(`DELETE /api/staff/${salon.staffIds[2]}`)).status).toBe(204);
  database = new pg.Client(stack.databaseUrls.booking);
  await database.connect();
}, 120_000);

afterAll(async () => {
  await database?.end();
  await stack?.close();
});

const tables = ['bookings', 'booking_items', 'booking_changes', 'claims', 'time_blocks', 'outbox', 'idempotency_keys'];
const catalogue = ['salon_windows', 'salon_dates', 'salon_seasons', 'staff_windows', 'staff_dates', 'staff_seasons'];

/** How many rows there are, and how often the calendar has changed. */
async function readBooks(): Promise<unknown> {
  const counts = [...tables, ...catalogue].map((table) => `SELECT '${table}' AS name, count(*) FROM ${table}`);
  const versions = `SELECT 'versions', sum(calendar_version + hours_version)::bigint FROM salons`;
  return (await database.query([...counts, versions].join(' UNION ALL '))).rows;
}

interface Refused {
  readonly line: string;
  readonly body?: unknown;
  readonly is: readonly [number, string];
}

/** Refused in both languages, under a key, with nothing written: neither the booking nor the key. */
async function expectNothing(who: Person, { line, body, is }: Refused): Promise<void> {
  const before = await readBooks();
  const headers = line.startsWith('POST') ? { 'idempotency-key': `"${is[1]}"` } : {};
  await expectRefusal(who, line, { body, headers, is });
  expect(await readBooks()).toEqual(before);
}

const invalid = [400, 'VALIDATION_FAILED'] as const;
const items = (count: number) => Array.from({ length: count }, () => ({ service_id: salon.serviceIds[0] }));

describe('a booking', () => {
  const other = '01890a5d-ac96-774b-bcce-b302099a8059';
  const cases: [string, () => object, readonly [number, string]][] = [
    ['off the grid', () => wishAt(salon, inHours(48, 7)), [400, 'START_OFF_GRID']],
    ['a second off the grid', () => wishAt(salon, inHours(48).replace('00Z', '01Z')), [400, 'START_OFF_GRID']],
    ['in the past', () => wishAt(salon, inHours(-48)), [400, 'TOO_SHORT_NOTICE']],
    ['at the beginning of time', () => wishAt(salon, '0001-01-01T00:00:00Z'), [400, 'START_OFF_GRID']],
    ['beyond the window', () => wishAt(salon, inHours(24 * 32)), [400, 'TOO_FAR_AHEAD']],
    ['at the end of time', () => wishAt(salon, '9999-12-31T23:00:00Z'), [400, 'START_OFF_GRID']],
    ['in no salon', () => ({ ...wishAt(salon, inHours(48)), salon_id: other }), [404, 'NOT_FOUND']],
    [
      'of a service of another salon',
      () => wishAt(salon, inHours(48), { service_id: foreign.serviceIds[0] }),
      [400, 'SERVICE_NOT_OFFERED'],
    ],
    [
      'of a service that is not offered now',
      () => wishAt(salon, inHours(48), { service_id: salon.serviceIds[1] }),
      [400, 'SERVICE_NOT_OFFERED'],
    ],
    [
      'of a service that is gone',
      () => wishAt(salon, inHours(48), { service_id: salon.serviceIds[2] }),
      [400, 'SERVICE_NOT_OFFERED'],
    ],
    [
      'with staff of another salon',
      () => wishAt(salon, inHours(48), { staff_id: foreign.staffIds[0] }),
      [400, 'STAFF_NOT_AVAILABLE'],
    ],
    [
      'with staff who are not there now',
      () => wishAt(salon, inHours(48), { staff_id: salon.staffIds[1] }),
      [400, 'STAFF_NOT_AVAILABLE'],
    ],
    [
      'with staff who are gone',
      () => wishAt(salon, inHours(48), { staff_id: salon.staffIds[2] }),
      [400, 'STAFF_NOT_AVAILABLE'],
    ],
    [
      'with staff of a gender that nobody has',
      () => wishAt(salon, inHours(48), { staff_gender: 'male' }),
      [400, 'STAFF_NOT_AVAILABLE'],
    ],
    ['of nothing', () => ({ ...wishAt(salon, inHours(48)), items: [] }), invalid],
    ['of 50 services', () => ({ ...wishAt(salon, inHours(48)), items: items(50) }), invalid],
    ['at no time', () => ({ salon_id: salon.id, items: items(1) }), invalid],
    ['at a time that is none', () => wishAt(salon, '2030-02-30T10:00:00Z'), [400, 'MALFORMED_REQUEST']],
    [
      'with an id that is no UUIDv7',
      () => ({ ...wishAt(salon, inHours(48)), booking_id: crypto.randomUUID() }),
      invalid,
    ],
    [
      'for a guest, by a customer',
      () => ({ ...wishAt(salon, inHours(48)), source: 'salon', guest: { name: 'x' } }),
      [403, 'PERMISSION_DENIED'],
    ],
    [
      'that sets rules aside, by a customer',
      () => ({ ...wishAt(salon, inHours(48)), override: true, override_reason: 'x' }),
      [403, 'PERMISSION_DENIED'],
    ],
  ];

  it.each(cases)('%s is refused, and nothing is written', async (_, body, is) => {
    await expectNothing(customer, { line: 'POST /api/bookings', body: body(), is });
  });

  it('in the hour that a clock skips is refused, and never offered', async () => {
    const gap = findGap();
    const weekly = always.map(({ day }) => ({ day, opens: '02:00', closes: '03:00' }));
    await send(manager, `PUT /api/salons/${abroad.id}/hours`, { weekly });
    await send(manager, `PUT /api/staff/${abroad.staffIds[0]}/availability`, { weekly });
    const line = 'POST /api/bookings';
    for (const minutes of [-60, 0]) {
      const start = new Date(gap + minutes * 60_000).toISOString();
      await expectNothing(customer, { line, body: wishAt(abroad, start), is: [400, 'OUTSIDE_WORKING_HOURS'] });
    }
    const [from, to] = [gap - 12 * 3_600_000, gap + 12 * 3_600_000].map((at) => new Date(at).toISOString());
    const query = new URLSearchParams({ service_ids: abroad.serviceIds[0] ?? '', from: from ?? '', to: to ?? '' });
    expect((await send(customer, `GET /api/salons/${abroad.id}/slots?${query}`)).slots).toEqual([]);
  });
});

/** When New York sets its clocks forward next: the moment that would have been 02:00. */
function findGap(): number {
  const hour = 3_600_000;
  const clock = new Intl.DateTimeFormat('en', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' });
  for (let at = Math.ceil(Date.now() / hour) * hour; ; at += hour) {
    if (clock.format(at - hour) === '01' && clock.format(at) === '03') return at;
  }
}

describe('times that are asked for', () => {
  const slots = (from: string, to: string) =>
    `GET /api/salons/${salon.id}/slots?${new URLSearchParams({ service_ids: salon.serviceIds[0] ?? '', from, to })}`;

  it.each([
    ['over more than 31 days', () => slots(inHours(1), inHours(1 + 24 * 31 + 1))],
    ['from an end to a start', () => slots(inHours(48), inHours(24))],
    ['over nothing', () => slots(inHours(48), inHours(48))],
  ])('%s are refused', async (_, line) => {
    await expectNothing(customer, { line: line(), is: [400, 'RANGE_INVALID'] });
  });

  it('may be 31 days', async () => {
    expect((await customer.call(slots(inHours(1), inHours(1 + 24 * 31)))).status).toBe(200);
  });
});

const monday = (opens: string, closes: string) => ({ day: 'monday', opens, closes });
const season = (key: string, more: object) => ({ key, name: bothNames, weekly: [], ...more });
const date = (day: string, ...spans: [string, string][]) => ({
  date: day,
  spans: spans.map(([opens, closes]) => ({ opens, closes })),
});

describe('hours', () => {
  const put = () => `PUT /api/salons/${salon.id}/hours`;
  const ofStaff = () => `PUT /api/staff/${salon.staffIds[0]}/availability`;

  it.each<[string, () => string, object, string]>([
    ['that end before they start', put, { weekly: [monday('12:00', '10:00')] }, 'WINDOWS_INVALID'],
    ['that end as they start', ofStaff, { weekly: [monday('12:00', '12:00')] }, 'WINDOWS_INVALID'],
    ['that overlap', put, { weekly: [monday('10:00', '12:00'), monday('11:59', '13:00')] }, 'WINDOWS_INVALID'],
    [
      'that overlap on a date',
      put,
      { exceptions: [date('2027-01-05', ['10:00', '12:00'], ['11:00', '13:00'])] },
      'WINDOWS_INVALID',
    ],
    ['of a date that does not exist', put, { exceptions: [date('2027-02-29')] }, 'DATES_INVALID'],
    ['of a date twice', ofStaff, { overrides: [date('2027-01-05'), date('2027-01-05')] }, 'DATES_INVALID'],
    ['of a season without dates', put, { seasons: [season('eid', {})] }, 'SEASONS_INVALID'],
    [
      'of a season that ends before it starts',
      put,
      { seasons: [season('eid', { first_date: '2027-03-12', last_date: '2027-03-09' })] },
      'SEASONS_INVALID',
    ],
    [
      'of two seasons of one name',
      put,
      { seasons: [season('eid', { hijri_month: 9 }), season('eid', { hijri_month: 10 })] },
      'SEASONS_INVALID',
    ],
    [
      'of two seasons at one time',
      put,
      { seasons: [season('one', { hijri_month: 9 }), season('two', { hijri_month: 9 })] },
      'SEASONS_INVALID',
    ],
    [
      'of staff in a season that the salon does not have',
      ofStaff,
      { seasons: [{ key: 'eid', weekly: [] }] },
      'SEASON_UNKNOWN',
    ],
  ])('%s are refused, and the old ones stay', async (_, line, body, code) => {
    await expectNothing(manager, { line: line(), body, is: [400, code] });
  });
});

describe('time off', () => {
  it.each([
    ['ends before it starts', () => [inHours(49), inHours(48)]],
    ['ends as it starts', () => [inHours(48), inHours(48)]],
    ['is past', () => [inHours(-49), inHours(-48)]],
    ['lasts more than 400 days', () => [inHours(1), inHours(24 * 401 + 2)]],
  ])('that %s is refused', async (_, span) => {
    const [start_at, end_at] = span();
    const line = `POST /api/staff/${salon.staffIds[0]}/time-off`;
    await expectNothing(manager, { line, body: { start_at, end_at }, is: [400, 'SPAN_INVALID'] });
  });
});
