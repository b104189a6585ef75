import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingSource } from '@mawid/contracts/gen/mawid/booking/v1/booking_pb.js';
import { listDeadLetters } from '@mawid/service-kit';
import {
  bookingCancelled,
  bookingConfirmed,
  bookingHeld,
  createBooking,
  createPerson,
  refundSucceeded,
  userVerified,
} from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';

let notify: NotifyFixture;
beforeAll(async () => {
  notify = await startNotify();
});
afterAll(() => notify.close());

async function countMessages(bookingId: string): Promise<number> {
  const text = 'SELECT count(*)::int AS count FROM messages WHERE booking_id = $1';
  const { rows } = await notify.running.ctx.database.query<{ count: number }>({
    name: 'test.count',
    text,
    values: [bookingId],
  });
  return rows[0]?.count ?? 0;
}

describe('messages about a booking that the salon has entered', () => {
  it('are for nobody where it is a guest’s, and nothing is parked for them', async () => {
    const booking = createBooking({ userId: '', phone: '' });
    const facts = [bookingHeld(booking, 1), bookingConfirmed(booking, 2), bookingCancelled(booking, 3)];
    await notify.publish(...facts, refundSucceeded(booking));
    expect(await countMessages(booking.id)).toBe(0);
    expect(await listDeadLetters(notify.running.ctx.database)).toEqual([]);
  });

  it('do not confirm to a customer who has walked in that they have a booking', async () => {
    const person = createPerson();
    const booking = { ...createBooking(person), source: BookingSource.WALK_IN };
    await notify.publish(userVerified(person), bookingConfirmed(booking, 1));
    expect(await countMessages(booking.id)).toBe(0);
  });

  it('confirm it to a customer who has asked the salon for it', async () => {
    const person = createPerson();
    const booking = { ...createBooking(person), source: BookingSource.SALON };
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 1 });
    await notify.publish(userVerified(person), bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'sent');
  });
});

describe('messages about a booking that lives on', () => {
  it('confirm it once it is approved, and only once whatever follows', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    await notify.publish(userVerified(person));
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 2 });
    await notify.publish(bookingConfirmed(booking, 2));
    await notify.waitForState(person.userId, 'sent');
    await notify.publish(bookingConfirmed(booking, 2));
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
  });

  it.each([
    ['moved to another time', BookingState.CONFIRMED],
    ['declined', BookingState.DECLINED],
    ['marked as one to which nobody came', BookingState.NO_SHOW],
  ])('say nothing where it was %s before they were sent', async (_, state) => {
    const person = createPerson();
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state, version: 3 });
    await notify.publish(userVerified(person), bookingConfirmed(booking, 2));
    await notify.waitForState(person.userId, 'dropped');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });
});
