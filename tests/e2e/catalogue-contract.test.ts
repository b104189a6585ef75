import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@mawid/dev-stack';
import { type Person, signIn } from './people.ts';
import { callRest } from './rest-call.ts';
import { always, bothNames, expectRefusal, inHours, openSalon, send, wishAt } from './salon-plan.ts';
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

const khobar = { latitude: 26.2794, longitude: 50.2083 };
const plan = {
  name: { ar: 'صالون الدانة', en: 'Aldana Salon' },
  description: { ar: 'عناية بالشعر', en: 'Hair care' },
  city: { ar: 'الخبر', en: 'Khobar' },
  place: khobar,
  audience: 'ladies',
  time_zone: 'Asia/Riyadh',
  vat_number: '310122393500003',
  payment_policy: 'in_advance',
  cancellation_policy: { free_until_hours: 12, late_fee_percent: 25, no_show_fee_percent: 75 },
  booking_rules: {
    ...{ slot_step_minutes: 20, min_notice_minutes: 45, max_advance_days: 40, max_open_bookings: 3 },
    ...{ approval_policy: 'by_salon', approval_minutes: 90 },
  },
  prayer_pauses: { prayers: ['dhuhr', 'maghrib'], length_minutes: 25 },
};
const price = { amount: 12_000, currency: 'SAR' };

describe('salons', () => {
  it('are made as drafts with all that they were given, changed, published and hidden again', async () => {
    const made = await manager.call('POST /api/salons', { body: plan });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...plan, state: 'draft' })]);
    expect(made.headers.get('etag')).toBe(`"${made.body.etag}"`);
    const line = `/api/salons/${made.body.id}`;
    await expectRefusal(nobody, `GET ${line}`, { is: [404, 'NOT_FOUND'] });
    await expectRefusal(manager, `POST ${line}/publish`, { body: {}, is: [409, 'SALON_NOT_READY'] });
    const body = { city: { ar: 'الدمام', en: 'Dammam' } };
    await expectRefusal(manager, `PATCH ${line}`, { body, headers: { 'if-match': '"x"' }, is: [412, 'STALE_ETAG'] });
    const changed = await manager.call(`PATCH ${line}`, { body, headers: { 'if-match': `"${made.body.etag}"` } });
    expect(changed.body).toMatchObject({ ...plan, ...body });
    expect(changed.body.etag).not.toBe(made.body.etag);
    await send(manager, `PUT ${line}/hours`, { weekly: always });
    const service = await send(manager, `POST ${line}/services`, { name: bothNames, duration_minutes: 30, price });
    await send(manager, `POST ${line}/staff`, { name: bothNames, service_ids: [service.id] });
    const stale = { headers: { 'if-match': '"x"' }, is: [412, 'STALE_ETAG'] as const };
    await expectRefusal(manager, `PUT ${line}/hours`, { body: { weekly: always }, ...stale });
    await expectRefusal(manager, `POST ${line}/publish`, { body: {}, ...stale });
    expect((await send(manager, `POST ${line}/publish`, {})).state).toBe('published');
    expect((await send(nobody, `GET ${line}`)).city).toEqual(body.city);
    expect((await send(manager, `POST ${line}/unpublish`, {})).state).toBe('draft');
    await expectRefusal(nobody, `GET ${line}`, { is: [404, 'NOT_FOUND'] });
  });

  it('are refused for what cannot be', async () => {
    const { place: _, ...nowhere } = plan;
    const line = 'POST /api/salons';
    await expectRefusal(manager, line, { body: nowhere, is: [400, 'PLACE_REQUIRED'] });
    await expectRefusal(manager, line, { body: { ...plan, time_zone: 'Mars/Base' }, is: [400, 'TIME_ZONE_UNKNOWN'] });
    await expectRefusal(customer, line, { body: plan, is: [403, 'PERMISSION_DENIED'] });
    const salon = await openSalon(manager, { services: [{ audience: 'men' }] });
    const audience = { audience: 'ladies' };
    await expectRefusal(manager, `PATCH /api/salons/${salon.id}`, { body: audience, is: [400, 'AUDIENCE_CONFLICT'] });
  });

  it('are found by words, city, service, audience, place and hour, and listed in the wanted order', async () => {
    const city = { ar: 'أبها', en: 'Abha' };
    const near = { latitude: 18.2164, longitude: 42.5053 };
    const open = async (en: string, place: object, more: object = {}) => {
      const salon = { name: { ar: 'صالون', en }, city, place, ...more };
      return (await openSalon(manager, { salon, services: [{ name: { ar: 'حناء', en: 'Henna art' } }] })).id;
    };
    const far = await open('Zahra', { ...near, latitude: 18.3 });
    const close = await open('Amber', near, { audience: 'ladies' });
    await send(manager, `PUT /api/salons/${far}/hours`, { weekly: [] });
    const find = async (query: object) => {
      const found = await send(nobody, `GET /api/salons?${new URLSearchParams({ ...query })}`);
      return found.salons.map(({ id }: { id: string }) => (id === far ? 'far' : id === close ? 'close' : 'other'));
    };
    const here = '18.2164,42.5053';
    expect(await find({ city: 'ابها' })).toEqual(expect.arrayContaining(['far', 'close']));
    expect(await find({ city: 'Abha', sort: 'name' })).toEqual(['close', 'far']);
    expect(await find({ city: 'Abha', sort: 'newest' })).toEqual(['close', 'far']);
    expect(await find({ near: here })).toEqual(['close', 'far']);
    expect(await find({ near: here, radius_km: '5' })).toEqual(['close']);
    expect(await find({ near: here, sort: 'distance', page_size: '1' })).toEqual(['close']);
    expect(await find({ city: 'Abha', text: 'zahra' })).toEqual(['far']);
    expect(await find({ city: 'Abha', service: 'حنا' })).toHaveLength(2);
    expect(await find({ city: 'Abha', service: 'massage' })).toEqual([]);
    expect(await find({ city: 'Abha', audience: 'men' })).toEqual(['far']);
    expect(await find({ city: 'Abha', open_at: inHours(24) })).toEqual(['close']);
    await expectRefusal(nobody, 'GET /api/salons?near=91,0', { is: [400, 'PLACE_INVALID'] });
    await expectRefusal(nobody, 'GET /api/salons?sort=distance', { is: [400, 'PLACE_INVALID'] });
    await expectRefusal(nobody, 'GET /api/salons?page_token=x', { is: [400, 'PAGE_TOKEN_INVALID'] });
  });

  it('are listed to their own manager with drafts', async () => {
    const draft = await send(manager, 'POST /api/salons', plan);
    const idsOf = async (who: Person) => {
      const { salons } = await send(who, 'GET /api/salons?mine=true&page_size=100');
      return salons.map(({ id }: { id: string }) => id);
    };
    expect(await idsOf(manager)).toContain(draft.id);
    expect(await idsOf(customer)).toEqual([]);
    expect((await nobody.call('GET /api/salons?mine=true')).status).toBe(401);
  });
});

describe('services', () => {
  it('are made, read, changed, switched off and deleted', async () => {
    const salon = await openSalon(manager, { resources: 2 });
    const body = {
      ...{ name: { ar: 'صبغة', en: 'Colouring' }, description: { ar: 'لون', en: 'Colour' }, category: 'hair', price },
      ...{ duration_minutes: 90, buffer_before_minutes: 5, buffer_after_minutes: 10 },
      ...{
        audience: 'ladies',
        staff_gender: 'female',
        resource_needs: [{ resource_ids: [...salon.resourceIds].sort() }],
      },
    };
    const made = await manager.call(`POST /api/salons/${salon.id}/services`, { body });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...body, active: true })]);
    const line = `/api/services/${made.body.id}`;
    expect(await send(nobody, `GET ${line}`)).toEqual(made.body);
    const stale = { body: { category: 'x' }, headers: { 'if-match': '"x"' }, is: [412, 'STALE_ETAG'] as const };
    await expectRefusal(manager, `PATCH ${line}`, stale);
    const patch = { duration_minutes: 60, resource_needs: { needs: [] }, active: false };
    const changed = await manager.call(`PATCH ${line}`, {
      body: patch,
      headers: { 'if-match': `"${made.body.etag}"` },
    });
    expect(changed.body).toMatchObject({ ...body, duration_minutes: 60, resource_needs: [], active: false });
    await expectRefusal(nobody, `GET ${line}`, { is: [404, 'NOT_FOUND'] });
    await expectRefusal(manager, `DELETE ${line}`, { headers: stale.headers, is: stale.is });
    expect((await manager.call(`DELETE ${line}`)).status).toBe(204);
    await expectRefusal(manager, `GET ${line}`, { is: [404, 'NOT_FOUND'] });
  });

  it('are refused for what cannot be', async () => {
    const salon = await openSalon(manager, { salon: { audience: 'ladies' } });
    const foreign = await openSalon(manager, { resources: 1 });
    const line = `POST /api/salons/${salon.id}/services`;
    const body = { name: bothNames, duration_minutes: 30, price };
    const resource_needs = [{ resource_ids: foreign.resourceIds }];
    await expectRefusal(manager, line, { body: { ...body, resource_needs }, is: [400, 'RESOURCE_UNKNOWN'] });
    await expectRefusal(manager, line, { body: { ...body, audience: 'men' }, is: [400, 'AUDIENCE_CONFLICT'] });
    await expectRefusal(customer, line, { body, is: [403, 'PERMISSION_DENIED'] });
  });
});

describe('staff', () => {
  it('are made, read, changed, switched off and deleted, but not while somebody is to come', async () => {
    const salon = await openSalon(manager);
    const body = { name: { ar: 'نورة', en: 'Noura' }, gender: 'female', service_ids: salon.serviceIds };
    const made = await manager.call(`POST /api/salons/${salon.id}/staff`, { body });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...body, active: true, user_id: '' })]);
    const line = `/api/staff/${made.body.id}`;
    expect(await send(nobody, `GET ${line}`)).toEqual(made.body);
    await send(manager, `PUT ${line}/availability`, { weekly: always });
    const wish = wishAt(salon, inHours(48), { staff_id: made.body.id });
    const booking = await send(customer, 'POST /api/bookings', wish);
    await expectRefusal(manager, `DELETE ${line}`, { is: [409, 'STAFF_HAS_BOOKINGS'] });
    const name = { ar: 'نورا', en: 'Nora' };
    expect(await send(manager, `PATCH ${line}`, { name, active: false })).toMatchObject({
      ...body,
      name,
      active: false,
    });
    await expectRefusal(nobody, `GET ${line}`, { is: [404, 'NOT_FOUND'] });
    expect((await send(customer, `GET /api/bookings/${booking.id}`)).items[0].staff_name).toEqual(body.name);
    await send(customer, `POST /api/bookings/${booking.id}/cancel`, {});
    expect((await manager.call(`DELETE ${line}`)).status).toBe(204);
  });

  it('are refused for what cannot be', async () => {
    const { id } = await send(manager, 'POST /api/salons', plan);
    const female = { name: bothNames, duration_minutes: 30, price, staff_gender: 'female' };
    const service = await send(manager, `POST /api/salons/${id}/services`, female);
    const line = `POST /api/salons/${id}/staff`;
    const body = { name: bothNames, gender: 'male', service_ids: [service.id] };
    await expectRefusal(manager, line, { body, is: [400, 'STAFF_GENDER_CONFLICT'] });
    const foreign = (await openSalon(manager)).serviceIds;
    const other = { name: bothNames, service_ids: foreign };
    await expectRefusal(manager, line, { body: other, is: [400, 'SERVICE_NOT_OFFERED'] });
  });
});

describe('resources', () => {
  it('are made, read, changed, switched off and deleted, but not while a service needs them', async () => {
    const salon = await openSalon(manager, { resources: 1, services: [{ needs: [[0]] }] });
    const body = { name: { ar: 'كرسي', en: 'Chair' }, kind: 'chair' };
    const made = await manager.call(`POST /api/salons/${salon.id}/resources`, { body });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ ...body, active: true })]);
    const listed = await send(nobody, `GET /api/salons/${salon.id}/resources`);
    expect(listed.resources.map(({ id }: { id: string }) => id)).toEqual([...salon.resourceIds, made.body.id]);
    const line = `/api/resources/${made.body.id}`;
    expect(await send(nobody, `GET ${line}`)).toEqual(made.body);
    const name = { ar: 'مقعد', en: 'Seat' };
    expect(await send(manager, `PATCH ${line}`, { name, kind: 'equipment' })).toMatchObject({
      name,
      kind: 'equipment',
    });
    expect((await manager.call(`DELETE ${line}`)).status).toBe(204);
    await expectRefusal(manager, `DELETE /api/resources/${salon.resourceIds[0]}`, { is: [409, 'RESOURCE_IN_USE'] });
  });
});
