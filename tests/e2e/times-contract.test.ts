import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@mawid/dev-stack';
import { type Person, signIn } from './people.ts';
import { callRest } from './rest-call.ts';
import { always, bothNames, expectRefusal, inHours, type OpenSalon, openSalon, send, wishAt } from './salon-plan.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
let manager: Person;
let customer: Person;
let nobody: Pick<Person, 'call'>;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { OTP_RESEND_COOLDOWN_SECONDS: '0' } });
  manager = await signIn(stack, accounts.manager.phoneNumber);
  customer = await signIn(stack, newPhone());
  nobody = { call: (line, parts) => callRest(stack.urls.gateway, line, parts) };
}, 120_000);

afterAll(() => stack?.close());

const riyadh = { latitude: 24.7136, longitude: 46.6753 };

/** The starts that are offered, `HH:MM` in Riyadh. */
async function listStarts(salon: OpenSalon, from: string, to: string): Promise<string[]> {
  const query = new URLSearchParams({ service_ids: salon.serviceIds[0] ?? '', from, to });
  const { slots } = await send(nobody, `GET /api/salons/${salon.id}/slots?${query}`);
  return slots.map(({ start_at }: { start_at: string }) => {
    return new Date(Date.parse(start_at) + 3 * 3_600_000).toISOString().slice(11, 16);
  });
}

/** A date of Riyadh, and the moment at which it begins; Riyadh has no daylight saving. */
const dateIn = (days: number) => new Date(Date.now() + 3 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
const dayOf = (date: string) => [`${date}T00:00:00+03:00`, `${date}T23:59:00+03:00`] as const;

/** The 3rd day of the Ramadan to come, which begins within a year. */
function findRamadan(): string {
  const hijri = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura-nu-latn', { month: 'numeric', day: 'numeric' });
  for (let days = 2; days < 360; days += 1) {
    const parts = hijri.formatToParts(new Date(`${dateIn(days)}T12:00:00Z`));
    const [month, day] = ['month', 'day'].map((type) => parts.find((part) => part.type === type)?.value);
    if (month === '9' && day === '3') return dateIn(days);
  }
  throw new Error('no Ramadan within a year');
}

describe('the hours of a salon', () => {
  it('are those of Ramadan in Ramadan, and those of a date on that date', async () => {
    const salon = await openSalon(manager);
    const ramadan = {
      ...{ key: 'ramadan', name: { ar: 'رمضان', en: 'Ramadan' }, hijri_month: 9 },
      weekly: always.map(({ day }) => ({ day, opens: '21:00', closes: '22:00' })),
    };
    const exceptions = [
      { date: dateIn(4), spans: [], note: 'عطلة' },
      { date: dateIn(5), spans: [{ opens: '08:00', closes: '08:30' }], note: '' },
    ];
    const body = { weekly: always, seasons: [ramadan], exceptions };
    const hours = await send(manager, `PUT /api/salons/${salon.id}/hours`, body);
    expect(hours.seasons).toEqual([{ ...ramadan, first_date: '', last_date: '' }]);
    expect(await send(nobody, `GET /api/salons/${salon.id}/hours`)).toMatchObject({
      seasons: hours.seasons,
      exceptions: [{ date: dateIn(4) }, { date: dateIn(5) }],
    });
    expect(await listStarts(salon, ...dayOf(findRamadan()))).toEqual(['21:00', '21:15', '21:30']);
    expect(await listStarts(salon, ...dayOf(dateIn(4)))).toEqual([]);
    expect(await listStarts(salon, ...dayOf(dateIn(5)))).toEqual(['08:00']);
  });

  it('pause for prayer', async () => {
    const prayer_pauses = { prayers: ['dhuhr'], length_minutes: 30 };
    const salon = await openSalon(manager, { salon: { place: riyadh, prayer_pauses } });
    const starts = await listStarts(salon, ...dayOf(dateIn(3)));
    const quarters = Array.from({ length: 96 }, (_, n) => new Date(n * 900_000).toISOString().slice(11, 16));
    const missing = quarters.filter((start) => !starts.includes(start));
    // Noon at that place is between 11:35 and 12:07, whatever the season. Half an hour before it nothing can start that would last into it.
    expect(missing.length).toBeGreaterThanOrEqual(3);
    expect(missing.length).toBeLessThanOrEqual(5);
    expect(missing.every((start) => start >= '11:00' && start < '12:45')).toBe(true);
  });
});

describe('time off and blocks', () => {
  it('keep time free of bookings until they are taken back', async () => {
    const salon = await openSalon(manager);
    const line = `/api/staff/${salon.staffIds[0]}/time-off`;
    const body = { start_at: inHours(48), end_at: inHours(50), reason: 'إجازة' };
    const made = await manager.call(`POST ${line}`, { body, headers: { 'idempotency-key': '"off-1"' } });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ ...body, kind: 'time_off', staff_id: salon.staffIds[0], resource_id: '' }),
    ]);
    expect(await listStarts(salon, inHours(47), inHours(51))).toHaveLength(3 + 4);
    await expectRefusal(customer, 'POST /api/bookings', { body: wishAt(salon, inHours(48)), is: [409, 'SLOT_TAKEN'] });
    await expectRefusal(manager, `POST ${line}`, { body, is: [409, 'TIME_ALREADY_BLOCKED'] });
    await expectRefusal(customer, `POST ${line}`, { body, is: [403, 'PERMISSION_DENIED'] });
    expect((await send(manager, `GET ${line}`)).time_off).toEqual([made.body]);
    expect((await manager.call(`DELETE ${line}/${made.body.id}`)).status).toBe(204);
    expect((await send(manager, `GET ${line}`)).time_off).toEqual([]);
    await send(customer, 'POST /api/bookings', wishAt(salon, inHours(48)));
    await expectRefusal(manager, `POST ${line}`, { body, is: [409, 'TIME_HAS_BOOKINGS'] });
  });

  it('keep a room free', async () => {
    const salon = await openSalon(manager, { resources: 1, services: [{ needs: [[0]] }] });
    const line = `/api/resources/${salon.resourceIds[0]}/blocks`;
    const body = { start_at: inHours(48), end_at: inHours(49), kind: 'block', reason: 'صيانة' };
    const block = await send(manager, `POST ${line}`, body);
    expect(block).toMatchObject({ ...body, staff_id: '', resource_id: salon.resourceIds[0] });
    const wish = { body: wishAt(salon, inHours(48)), is: [409, 'RESOURCE_BUSY'] as const };
    await expectRefusal(customer, 'POST /api/bookings', wish);
    expect((await send(manager, `GET ${line}`)).blocks).toEqual([block]);
    expect((await manager.call(`DELETE ${line}/${block.id}`)).status).toBe(204);
    await send(customer, 'POST /api/bookings', wishAt(salon, inHours(48)));
  });
});

describe('POST /api/availability/check', () => {
  it('answers many wishes at once, each with its reason', async () => {
    const rules = { max_advance_days: 30, min_notice_minutes: 60 };
    const salon = await openSalon(manager, { rules, salon: { audience: 'ladies' } });
    const busy = await openSalon(manager, { staff: 2, resources: 1, services: [{ needs: [[0]] }] });
    await send(customer, 'POST /api/bookings', wishAt(busy, inHours(48)));
    const closed = { date: dateIn(5), spans: [], note: '' };
    await send(manager, `PUT /api/salons/${salon.id}/hours`, { weekly: always, exceptions: [closed] });
    const off = { weekly: always, overrides: [{ date: dateIn(6), spans: [], note: '' }] };
    await send(manager, `PUT /api/staff/${salon.staffIds[0]}/availability`, off);
    const [stranger] = busy.serviceIds;
    const queries = [
      wishAt(salon, inHours(48)),
      { ...wishAt(salon, inHours(48)), audience: 'men' },
      wishAt(salon, inHours(48, 7)),
      wishAt(salon, inHours(0)),
      wishAt(salon, inHours(24 * 40)),
      wishAt(salon, `${dateIn(5)}T12:00:00+03:00`),
      wishAt(salon, `${dateIn(6)}T12:00:00+03:00`),
      wishAt(salon, inHours(48), { service_id: stranger }),
      wishAt(salon, inHours(48), { staff_id: busy.staffIds[0] }),
      wishAt(busy, inHours(48)),
      wishAt(busy, inHours(48), { staff_id: busy.staffIds[0] }),
      { ...wishAt(salon, inHours(48)), salon_id: '01890a5d-ac96-774b-bcce-b302099a8059' },
    ];
    const { answers } = await send(nobody, 'POST /api/availability/check', { queries });
    expect(answers[0]).toMatchObject({ available: true, end_at: inHours(48, 30), staff_ids: salon.staffIds });
    const reasons = answers.slice(1).map((it: { available: boolean; reason: string }) => [it.available, it.reason]);
    const [, booked] = [0, reasons[9][1]];
    expect(reasons.map(([, reason]: [boolean, string]) => reason)).toEqual([
      ...['audience', 'off_grid', 'notice', 'beyond_window', 'closed', 'staff_off', 'service_not_offered'],
      ...['staff_not_available', 'resource_busy', booked, 'salon_not_bookable'],
    ]);
    // One of the two has the booking; which one is the salon's choice.
    expect(['taken', 'resource_busy']).toContain(booked);
    expect(reasons.every(([available]: [boolean]) => !available)).toBe(true);
  });
});

describe('GET /api/salons/{salon_id}/next-available', () => {
  it('finds the first free times, and none where there are none', async () => {
    const salon = await openSalon(manager, { rules: { max_advance_days: 10 } });
    const query = (more: object) => new URLSearchParams({ service_ids: salon.serviceIds[0] ?? '', ...more });
    const find = async (more: object) => {
      const answer = await send(nobody, `GET /api/salons/${salon.id}/next-available?${query(more)}`);
      return answer.slots.map(({ start_at }: { start_at: string }) => start_at);
    };
    await send(customer, 'POST /api/bookings', wishAt(salon, inHours(48)));
    expect(await find({ from: inHours(48), count: '2' })).toEqual([inHours(48, 30), inHours(48, 45)]);
    expect(await find({ from: inHours(48) })).toEqual([inHours(48, 30)]);
    expect(await find({ from: inHours(24 * 20) })).toEqual([]);
    const closed = await openSalon(manager);
    await send(manager, `PUT /api/salons/${closed.id}/hours`, { weekly: [] });
    const path = `/api/salons/${closed.id}/next-available?service_ids=${closed.serviceIds[0]}`;
    expect(await send(nobody, `GET ${path}`)).toEqual({ slots: [], time_zone: 'Asia/Riyadh' });
  });
});

describe('a salon in another zone', () => {
  it('offers the hours of its own clocks', async () => {
    const salon = await openSalon(manager, { salon: { time_zone: 'Asia/Kolkata', name: bothNames } });
    const weekly = always.map(({ day }) => ({ day, opens: '10:00', closes: '11:00' }));
    await send(manager, `PUT /api/salons/${salon.id}/hours`, { weekly });
    // Half past five hours before Greenwich: 04:30 there is 07:30 in Riyadh.
    expect(await listStarts(salon, ...dayOf(dateIn(3)))).toEqual(['07:30', '07:45', '08:00']);
  });
});
