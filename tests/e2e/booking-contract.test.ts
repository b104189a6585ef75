import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts } from '@mawid/dev-stack';
import { type Person, signIn } from './people.ts';
import { expectRefusal, inHours, type OpenSalon, openSalon, send, wishAt } from './salon-plan.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
let manager: Person;
let admin: Person;
let customer: Person;
let other: Person;

beforeAll(async () => {
  stack = await startCheckedStack({ env: { OTP_RESEND_COOLDOWN_SECONDS: '0' } });
  [manager, admin] = [
    await signIn(stack, accounts.manager.phoneNumber),
    await signIn(stack, accounts.admin.phoneNumber),
  ];
  [customer, other] = [await signIn(stack, newPhone()), await signIn(stack, newPhone())];
}, 120_000);

afterAll(() => stack?.close());

const book = (who: Person, salon: OpenSalon, start: string, more: object = {}) =>
  send(who, 'POST /api/bookings', { ...wishAt(salon, start), ...more });

describe('a salon that approves its bookings', () => {
  it('lets a booking wait, approves one and declines another, whose time is free again', async () => {
    const salon = await openSalon(manager, { rules: { approval_policy: 'by_salon', approval_minutes: 60 } });
    const first = await book(customer, salon, inHours(48));
    expect([first.state, first.approval_expires_at]).toEqual(['pending_approval', expect.any(String)]);
    const approve = `POST /api/bookings/${first.id}/approve`;
    await expectRefusal(customer, approve, { body: {}, is: [403, 'PERMISSION_DENIED'] });
    await expectRefusal(manager, approve, { body: {}, headers: { 'if-match': '"x"' }, is: [412, 'STALE_ETAG'] });
    const headers = { 'if-match': `"${first.etag}"`, 'idempotency-key': '"approve-1"' };
    const approved = await manager.call(approve, { body: {}, headers });
    expect([approved.status, approved.body.state]).toEqual([200, 'confirmed']);
    const again = await manager.call(approve, { body: {}, headers });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    await expectRefusal(manager, approve, { body: {}, is: [409, 'BOOKING_STATE_CONFLICT'] });

    const second = await book(customer, salon, inHours(50));
    await expectRefusal(other, 'POST /api/bookings', { body: wishAt(salon, inHours(50)), is: [409, 'SLOT_TAKEN'] });
    const declined = await send(manager, `POST /api/bookings/${second.id}/decline`, { reason: 'مغلق للصيانة' });
    expect(declined).toMatchObject({ state: 'declined', decline: { reason: 'مغلق للصيانة', by_deadline: false } });
    expect((await book(other, salon, inHours(50))).state).toBe('pending_approval');
  });
});

describe('POST /api/bookings/{booking_id}/reschedule', () => {
  it('moves a booking once for a repeated key, and keeps the old time when the new one is taken', async () => {
    const salon = await openSalon(manager);
    const booking = await book(customer, salon, inHours(48));
    await book(other, salon, inHours(50));
    const line = `POST /api/bookings/${booking.id}/reschedule`;
    await expectRefusal(customer, line, { body: { start_at: inHours(50) }, is: [409, 'SLOT_TAKEN'] });
    await expectRefusal(other, line, { body: { start_at: inHours(52) }, is: [404, 'NOT_FOUND'] });
    expect((await send(customer, `GET /api/bookings/${booking.id}`)).start_at).toBe(inHours(48));
    const headers = { 'if-match': `"${booking.etag}"`, 'idempotency-key': '"move-1"' };
    const body = { start_at: inHours(52) };
    const moved = await customer.call(line, { body, headers });
    expect(moved.body).toMatchObject({ start_at: inHours(52), reschedule_count: 1, state: 'confirmed' });
    const again = await customer.call(line, { body, headers });
    expect([again.body, again.headers.get('idempotency-replayed')]).toEqual([moved.body, 'true']);
    expect((await book(other, salon, inHours(48))).state).toBe('confirmed');
    const { changes } = await send(manager, `GET /api/bookings/${booking.id}/changes`);
    expect(changes.map((it: { move: string; actor: string }) => [it.move, it.actor])).toEqual([
      ['create', 'customer'],
      ['reschedule', 'customer'],
    ]);
    await expectRefusal(customer, `GET /api/bookings/${booking.id}/changes`, { is: [403, 'PERMISSION_DENIED'] });
  });

  it('is too late for a customer once cancelling costs, and the salon may still', async () => {
    const salon = await openSalon(manager, {
      salon: { cancellation_policy: { free_until_hours: 24, late_fee_percent: 50, no_show_fee_percent: 100 } },
    });
    const booking = await book(customer, salon, inHours(5));
    const line = `POST /api/bookings/${booking.id}/reschedule`;
    await expectRefusal(customer, line, { body: { start_at: inHours(48) }, is: [409, 'RESCHEDULE_TOO_LATE'] });
    expect((await send(manager, line, { start_at: inHours(48) })).start_at).toBe(inHours(48));
  });
});

describe('what the salon enters itself', () => {
  it('takes a walk-in, checks them in and is done', async () => {
    const salon = await openSalon(manager);
    const start_at = new Date(Date.now() - 5 * 60_000).toISOString();
    const guest = { name: 'أم خالد', phone_number: '+966551112233' };
    const booking = await book(manager, salon, start_at, { source: 'walk_in', guest });
    expect(booking).toMatchObject({ state: 'confirmed', source: 'walk_in', guest, customer_id: '' });
    const arrived = await send(manager, `POST /api/bookings/${booking.id}/check-in`, {});
    expect([arrived.state, arrived.checked_in_at]).toEqual(['checked_in', expect.any(String)]);
    const done = await send(manager, `POST /api/bookings/${booking.id}/complete`, {});
    expect([done.state, done.completed_at]).toEqual(['completed', expect.any(String)]);
    const body = { ...wishAt(salon, start_at), source: 'walk_in', guest };
    await expectRefusal(manager, 'POST /api/bookings', { body, is: [409, 'SLOT_TAKEN'] });
    await expectRefusal(customer, 'POST /api/bookings', { body, is: [403, 'PERMISSION_DENIED'] });
  });

  it('marks one to which nobody came, and takes the mark back', async () => {
    const salon = await openSalon(manager);
    const early = await book(customer, salon, inHours(48));
    const past = new Date(Date.now() - 5 * 60_000).toISOString();
    const booking = await book(manager, salon, past, { source: 'walk_in', customer_id: customer.user.id });
    await expectRefusal(manager, `POST /api/bookings/${early.id}/no-show`, { body: {}, is: [409, 'TOO_EARLY'] });
    const line = `POST /api/bookings/${booking.id}/no-show`;
    await expectRefusal(customer, line, { body: {}, is: [403, 'PERMISSION_DENIED'] });
    const marked = await send(manager, line, { reason: 'لم تحضر' });
    expect(marked).toMatchObject({ state: 'no_show', no_show: { fee: { amount: 0 }, refund: { amount: 0 } } });
    const undone = await send(manager, `${line}/undo`, {});
    expect([undone.state, undone.no_show]).toEqual(['confirmed', undefined]);
    await expectRefusal(manager, `${line}/undo`, { body: {}, is: [409, 'BOOKING_STATE_CONFLICT'] });
  });

  it('sets its own rules aside with a reason, and overlaps nothing all the same', async () => {
    const salon = await openSalon(manager, { rules: { min_notice_minutes: 20_000 } });
    const start = inHours(3, 7);
    await expectRefusal(manager, 'POST /api/bookings', {
      body: { ...wishAt(salon, start), source: 'salon', guest: { name: 'ضيف' } },
      is: [400, 'START_OFF_GRID'],
    });
    const forced = { source: 'salon', guest: { name: 'ضيف' }, override: true, override_reason: 'العميلة مسافرة' };
    expect(await book(manager, salon, start, forced)).toMatchObject({ overridden: true, state: 'confirmed' });
    const body = { ...wishAt(salon, start), ...forced };
    await expectRefusal(manager, 'POST /api/bookings', { body, is: [409, 'SLOT_TAKEN'] });
  });
});

describe('cancelling', () => {
  it('costs what the preview has quoted', async () => {
    const salon = await openSalon(manager);
    const booking = await book(customer, salon, inHours(72));
    const quote = await send(customer, `POST /api/bookings/${booking.id}/cancellation-preview`, {});
    expect(quote).toMatchObject({ fee: { amount: 0 }, refund: { amount: 0 }, valid_until: expect.any(String) });
    const line = `POST /api/bookings/${booking.id}/cancel`;
    await expectRefusal(customer, line, { body: { preview_id: 'made-up' }, is: [409, 'PREVIEW_INVALID'] });
    const cancelled = await send(customer, line, { preview_id: quote.preview_id, reason: 'سفر' });
    expect(cancelled).toMatchObject({ state: 'cancelled', cancellation: { cancelled_by: 'customer', reason: 'سفر' } });
    await expectRefusal(customer, line, { body: {}, is: [409, 'BOOKING_NOT_CANCELLABLE'] });
  });
});

describe('GET /api/bookings', () => {
  it('narrows by salon, state, staff and time, and goes page by page', async () => {
    const salon = await openSalon(manager, { staff: 2 });
    const [first, second] = salon.staffIds;
    const made: string[] = [];
    for (const [hours, staff_id] of [
      [60, first],
      [61, second],
      [62, first],
      [63, first],
    ] as const) {
      made.push((await send(customer, 'POST /api/bookings', wishAt(salon, inHours(hours), { staff_id }))).id);
    }
    await send(customer, `POST /api/bookings/${made[3]}/cancel`, {});
    const list = async (who: Person, query: object) => {
      const found = await send(who, `GET /api/bookings?${new URLSearchParams({ salon_id: salon.id, ...query })}`);
      return [found.bookings.map(({ id }: { id: string }) => made.indexOf(id)), found.next_page_token] as const;
    };
    expect((await list(manager, {}))[0]).toEqual([3, 2, 1, 0]);
    expect((await list(manager, { state: 'confirmed' }))[0]).toEqual([2, 1, 0]);
    expect((await list(manager, { staff_id: first }))[0]).toEqual([3, 2, 0]);
    // What ends as it begins, or starts as it ends, is not in it.
    expect((await list(manager, { from: inHours(60, 30), to: inHours(62) }))[0]).toEqual([1]);
    const [page, page_token] = await list(admin, { page_size: '3' });
    expect([page, (await list(admin, { page_size: '3', page_token }))[0]]).toEqual([[3, 2, 1], [0]]);
    await expectRefusal(customer, `GET /api/bookings?salon_id=${salon.id}`, { is: [403, 'PERMISSION_DENIED'] });
  });
});

describe('POST /api/bookings', () => {
  it('finds the booking of a client-made id again, and gives the id to nobody else', async () => {
    const salon = await openSalon(manager);
    const booking_id = '019ab0c4-7d3e-7a10-9b1f-2f6d1c0e8a55';
    const first = await book(customer, salon, inHours(48), { booking_id });
    expect([first.id, await book(customer, salon, inHours(48), { booking_id })]).toEqual([booking_id, first]);
    const body = { ...wishAt(salon, inHours(49)), booking_id };
    for (const who of [customer, other]) {
      await expectRefusal(who, 'POST /api/bookings', { body, is: [409, 'BOOKING_ID_USED'] });
    }
  });

  it('stops at as many open bookings as the salon allows', async () => {
    const salon = await openSalon(manager, { rules: { max_open_bookings: 1 } });
    const booking = await book(customer, salon, inHours(48));
    const body = wishAt(salon, inHours(50));
    await expectRefusal(customer, 'POST /api/bookings', { body, is: [409, 'TOO_MANY_OPEN_BOOKINGS'] });
    await send(customer, `POST /api/bookings/${booking.id}/cancel`, {});
    expect((await send(customer, 'POST /api/bookings', body)).state).toBe('confirmed');
  });

  it('takes the one room with the person, so that somebody else who is free does not help', async () => {
    const salon = await openSalon(manager, { staff: 2, resources: 1, services: [{ needs: [[0]] }] });
    const booking = await book(customer, salon, inHours(48));
    expect(booking.items[0].resource_ids).toEqual(salon.resourceIds);
    const body = wishAt(salon, inHours(48));
    await expectRefusal(other, 'POST /api/bookings', { body, is: [409, 'RESOURCE_BUSY'] });
    expect((await book(other, salon, inHours(48, 30))).state).toBe('confirmed');
  });
});
