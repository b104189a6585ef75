import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import {
  bookingCancelled,
  bookingConfirmed,
  bookingHeld,
  createBooking,
  createPerson,
  refundSucceeded,
  userUpdated,
  userVerified,
} from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';
import { sendText } from './support/phones.ts';

const { HELD, CONFIRMED, CANCELLED } = BookingState;

describe('texts about bookings', () => {
  let notify: NotifyFixture;

  beforeAll(async () => {
    notify = await startNotify();
  });
  afterEach(async () => {
    notify.booking.isAway = false;
    await notify.phones.clearFaults();
  });
  afterAll(() => notify.close());

  async function startPerson(language = 'ar') {
    const person = createPerson();
    await notify.publish(userVerified(person, { language }));
    return { person, booking: createBooking(person) };
  }

  async function bodies(phone: string): Promise<string[]> {
    return (await notify.phones.messages(phone)).map(({ body }) => body).reverse();
  }

  it('tell of each step once, in order and in the person’s language', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: HELD, version: 1 });
    await notify.publish(bookingHeld(booking, 1));
    await notify.waitForState(person.userId, 'sent');
    notify.booking.set(booking.id, { state: CONFIRMED, version: 2 });
    await notify.publish(bookingConfirmed(booking, 2));
    await notify.waitForState(person.userId, 'sent', 'sent');
    notify.booking.set(booking.id, { state: CANCELLED, version: 3 });
    await notify.publish(bookingCancelled(booking, 3));
    await notify.waitForState(person.userId, 'sent', 'sent', 'sent');
    await notify.publish(refundSucceeded(booking));
    await notify.waitForState(person.userId, 'sent', 'sent', 'sent', 'sent');
    expect(await bodies(person.phone)).toEqual([
      expect.stringMatching(/^حجزك في صالون الأناقة .*ادفع 115\.00 ريال/),
      expect.stringMatching(/^تم تأكيد حجزك في صالون الأناقة/),
      expect.stringMatching(/^تم إلغاء حجزك في صالون الأناقة .*سيُعاد إليك مبلغ 115\.00 ريال/),
      expect.stringMatching(/^تم استرداد مبلغ 115\.00 ريال/),
    ]);
  });

  it('are written in English for those who chose it, also after the choice has changed', async () => {
    const { person, booking } = await startPerson('ar');
    await notify.publish(userUpdated(person, { language: 'en', version: 2 }));
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'sent');
    expect(await bodies(person.phone)).toEqual([expect.stringContaining('Your booking at Elegance Salon')]);
  });

  it('ignore facts about a contact that are older than what is known', async () => {
    const { person, booking } = await startPerson('ar');
    await notify.publish(userUpdated(person, { language: 'en', version: 5 }));
    await notify.publish(userUpdated({ ...person, phone: '+966500009999' }, { language: 'ar', version: 4 }));
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'sent');
    expect(await bodies(person.phone)).toEqual([expect.stringContaining('is confirmed')]);
    expect(await bodies('+966500009999')).toEqual([]);
  });

  it('are sent once for one fact, however often it is announced', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 2 });
    const event = bookingConfirmed(booking, 2);
    await notify.publish(event, { ...event, id: uuidv7() }, { ...event, id: uuidv7() });
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
  });

  it('wait for a contact that arrives after its booking', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    await waitFor('the wait', async () => (await notify.states(person.userId))[0]?.waits);
    expect(await notify.phones.messages(person.phone)).toEqual([]);
    await notify.publish(userVerified(person, { language: 'en' }));
    const [row] = await notify.waitForState(person.userId, 'sent');
    expect(row?.attempts).toBe(1);
    expect(await bodies(person.phone)).toEqual([expect.stringContaining('is confirmed')]);
  });

  it('never confirm a booking that was cancelled before the confirmation went out', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CANCELLED, version: 3 });
    await notify.publish(bookingConfirmed(booking, 2), bookingCancelled(booking, 3));
    await notify.waitForState(person.userId, 'dropped', 'sent');
    expect(await bodies(person.phone)).toEqual([expect.stringContaining('تم إلغاء')]);
    expect(await notify.decisions(person.userId)).toEqual([
      'booking_confirmed dropped booking_moved',
      'booking_cancelled tried',
      'booking_cancelled sent',
    ]);
  });

  it('are not sent blind while booking is out of reach', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    notify.booking.isAway = true;
    await notify.publish(bookingConfirmed(booking, 1));
    await waitFor('the wait', async () => ((await notify.states(person.userId))[0]?.waits ?? 0) > 1);
    expect(await notify.phones.messages(person.phone)).toEqual([]);
    notify.booking.isAway = false;
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.decisions(person.userId)).toEqual([
      'booking_confirmed put_off booking_unreachable',
      'booking_confirmed tried',
      'booking_confirmed sent',
    ]);
  });

  it('arrive once after a provider’s failure', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'error500', match: sendText, times: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    const [row] = await notify.waitForState(person.userId, 'sent');
    expect(row?.attempts).toBe(2);
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
  });

  it('arrive once when the provider acted but did not answer in time', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'timeout_after_acting', match: sendText, times: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    const [row] = await notify.waitForState(person.userId, 'sent');
    expect(await notify.phones.log(person.phone)).toMatchObject([{ correlation_id: row?.id }]);
    expect(await notify.decisions(person.userId)).toEqual([
      'booking_confirmed tried',
      'booking_confirmed retried no answer: TimeoutError',
      'booking_confirmed tried',
      'booking_confirmed recognised',
    ]);
  });

  it('go on when the process that held them is gone, and still arrive once', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    notify.booking.isAway = true;
    await notify.publish(bookingConfirmed(booking, 1));
    const { database, providers } = notify.running.ctx;
    // What a process leaves that was killed between the provider's answer and the mark.
    const id = await waitFor('the message to wait', async () => {
      const text = `UPDATE messages SET state = 'sending', lease_id = $2, attempts = 1,
                           next_attempt_at = now() + interval '500 ms'
                     WHERE user_id = $1 AND state = 'queued' RETURNING id`;
      const { rows } = await database.query<{ id: string }>({
        name: 'test.kill',
        text,
        values: [person.userId, uuidv7()],
      });
      return rows[0]?.id;
    });
    await providers.text.sendText({ messageId: id, phone: person.phone, body: 'تم تأكيد حجزك' });
    notify.booking.isAway = false;
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
    expect(await notify.decisions(person.userId)).toContain('booking_confirmed recognised');
  });

  it('fail at once where the provider refuses them, and say so', async () => {
    const { person, booking } = await startPerson();
    const before = await notify.published('notify.message.v1.failed');
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'error', status: 480, match: sendText, times: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    const [row] = await notify.waitForState(person.userId, 'failed');
    expect(row).toMatchObject({ attempts: 1, reason: expect.stringMatching(/^480/) });
    expect(await notify.published('notify.message.v1.failed')).toBe(before + 1);
    expect(await notify.phones.messages(person.phone)).toEqual([]);
  });

  it('fail after the last attempt', async () => {
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'error', status: 429, match: sendText, times: 4 });
    await notify.publish(bookingConfirmed(booking, 1));
    const [row] = await notify.waitForState(person.userId, 'failed');
    expect(row).toMatchObject({ attempts: 4 });
  });

  it('publish that they were sent, with the mark', async () => {
    const before = await notify.published('notify.message.v1.sent');
    const { person, booking } = await startPerson();
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.published('notify.message.v1.sent')).toBe(before + 1);
  });
});
