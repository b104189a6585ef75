import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Booking } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { UserErasedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { onUserErased } from '../src/events/on-user-erased.ts';
import { as, type Bench, openBench, type Person, person } from './support/bench.ts';
import { type MadeSalon, makeSalon } from './support/make-salon.ts';

describe('UserErased', () => {
  let bench: Bench;
  let salon: MadeSalon;

  beforeAll(async () => {
    bench = await openBench();
    salon = await makeSalon(bench, { staff: [undefined, undefined] });
  });
  afterAll(() => bench.close());

  let hours = 0;
  /** Another hour of the week after next, for each booking. */
  function nextStart(): Date {
    hours++;
    return new Date(Date.UTC(2026, 11, 6 + Math.floor(hours / 6), 8 + (hours % 6)));
  }

  function book(who: Person, headers: Record<string, string> = {}): Promise<Booking> {
    const items = salon.serviceIds.map((serviceId) => ({ serviceId }));
    const startAt = timestampFromDate(nextStart());
    return bench.bookings.createBooking(
      { salonId: salon.id, items, startAt, customerNote: 'Call me on 0500000001' },
      as(who, headers),
    );
  }

  async function erase({ userId }: Person): Promise<void> {
    const message = create(UserErasedSchema, { userId, version: 9n });
    const envelope = { id: uuidv7(), subject: '', time: new Date(), aggregateId: userId, aggregateVersion: 9 };
    const event = { ...envelope, message, deliveryCount: 1 };
    await bench.ctx.database.transaction((tx) => onUserErased(bench.ctx)(tx, event));
  }

  const cancel = (who: Person, bookingId: string) =>
    bench.bookings.cancelBooking({ bookingId, reason: 'Moving to 12 King Fahd Road' }, as(who));

  const read = (bookingId: string) => bench.bookings.getBooking({ bookingId }, as(person('admin')));

  async function countOf(table: string, column: string, value: string): Promise<number> {
    const text = `SELECT count(*)::int AS count FROM ${table} WHERE ${column}::text = $1`;
    const { rows } = await bench.ctx.database.query<{ count: number }>({
      name: `test.count_${table}`,
      text,
      values: [value],
    });
    return rows[0]?.count ?? 0;
  }

  it('takes what the person wrote, and leaves times, prices and versions', async () => {
    const [who, other] = [person('customer'), person('customer')];
    const [standing, ended, foreign] = [await book(who), await book(who), await book(other)];
    const cancelled = await cancel(who, ended.id);
    await erase(who);
    expect(await read(standing.id)).toEqual({ ...standing, customerNote: '' });
    const { cancellation } = cancelled;
    expect(await read(ended.id)).toEqual({
      ...cancelled,
      customerNote: '',
      cancellation: { ...cancellation, reason: '' },
    });
    expect(await read(foreign.id)).toEqual(foreign);
  });

  it('deletes the answers that are kept for repeated calls', async () => {
    const who = person('customer');
    await book(who, { 'idempotency-key': uuidv7() });
    expect(await countOf('idempotency_keys', 'user_id', who.userId)).toBe(1);
    await erase(who);
    expect(await countOf('idempotency_keys', 'user_id', who.userId)).toBe(0);
  });

  it('changes nothing the second time', async () => {
    const who = person('customer');
    const { id } = await book(who);
    await erase(who);
    const once = await read(id);
    bench.clock.advance(1_000);
    await erase(who);
    expect(await read(id)).toEqual(once);
    expect(await countOf('erased_customers', 'user_id', who.userId)).toBe(1);
  });

  it('is not undone by calls that come late', async () => {
    const who = person('customer');
    const before = await book(who);
    await erase(who);
    expect((await read((await book(who)).id)).customerNote).toBe('');
    await cancel(who, before.id);
    expect((await read(before.id)).cancellation).toMatchObject({ reason: '' });
  });

  it('empties a booking that was being written when the person was erased', async () => {
    const who = person('customer');
    let erasure: Promise<void> | undefined;
    let booking: ReturnType<typeof book> | undefined;
    await bench.ctx.database.transaction(async (tx) => {
      // Whoever books waits for the salon's row, as the customer's lock is theirs already.
      await tx.query({ name: 'test.lock', text: 'SELECT FROM salons WHERE id = $1 FOR UPDATE', values: [salon.id] });
      booking = book(who);
      await waitFor('the booking to wait', () => isWaiting(['transactionid', 'tuple']));
      erasure = erase(who);
      await waitFor('the erasure to wait', () => isWaiting(['advisory']));
    });
    const { id } = (await booking) as Booking;
    await erasure;
    expect(await read(id)).toMatchObject({ id, customerNote: '' });
  });

  async function isWaiting(kinds: string[]): Promise<boolean> {
    const text = `SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                                  WHERE NOT granted AND locktype = ANY($1) AND datname = current_database()) AS found`;
    const { rows } = await bench.ctx.database.query<{ found: boolean }>({
      name: 'test.waiting',
      text,
      values: [kinds],
    });
    return rows[0]?.found === true;
  }

  it('leaves a staff member on the salon’s page and at work, and nobody signs in as them', async () => {
    const [gone] = salon.staff;
    if (!gone) throw new Error('the salon has staff');
    const list = async () => (await bench.catalog.listStaff({ salonId: salon.id }, as(salon.manager))).staff;
    const before = await list();
    await erase(gone);
    const after = await list();
    expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
    expect(before.map(({ userId }) => userId)).toContain(gone.userId);
    expect(after.map(({ userId }) => userId)).not.toContain(gone.userId);
    const staffId = salon.staffIds[0] ?? '';
    const items = salon.serviceIds.map((serviceId) => ({ serviceId, staffId }));
    const startAt = timestampFromDate(nextStart());
    const made = await bench.bookings.createBooking({ salonId: salon.id, items, startAt }, as(person('customer')));
    expect(made.items.map((item) => item.staffId)).toContain(staffId);
  });
});
