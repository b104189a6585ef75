import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queryable } from '@mawid/service-kit';
import { createTestClock, waitFor } from '@mawid/service-kit/testing';
import {
  bookingCancelled,
  bookingConfirmed,
  createBooking,
  createPerson,
  otpRequested,
  userVerified,
} from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';
import { sendText } from './support/phones.ts';

const { CONFIRMED, CANCELLED } = BookingState;

describe('messages of a process that stands still for a while', () => {
  const clock = createTestClock(new Date());
  let notify: NotifyFixture;

  beforeAll(async () => {
    notify = await startNotify({ overrides: { clock } });
  });
  afterEach(() => notify.phones.clearFaults());
  afterAll(() => notify.close());

  /** Once, after the attempt was committed and before the provider is called, as SIGSTOP and SIGCONT would do it. */
  function pauseBeforeCall(meanwhile: () => void): void {
    const database = notify.running.ctx.database as { query: Queryable['query'] };
    const { query } = database;
    database.query = async (statement) => {
      const result = await query(statement);
      if (statement.name !== 'messages.begin_attempt') return result as never;
      database.query = query;
      meanwhile();
      return result as never;
    };
  }

  it('do not confirm a booking that was cancelled in that time', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    await notify.publish(userVerified(person));
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    pauseBeforeCall(() => {
      clock.advance(60_000);
      notify.booking.set(booking.id, { state: CANCELLED, version: 2 });
    });
    await notify.publish(bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'dropped');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('bring no code after its time', async () => {
    const person = createPerson();
    const key = notify.running.ctx.config.envelopeKey;
    pauseBeforeCall(() => clock.advance(600_000));
    await notify.publish(await otpRequested(person, key, { code: '313131', expiresInMs: 400_000 }));
    await notify.waitForState(person.phone, 'dropped');
    expect(await notify.phones.messages(person.phone)).toEqual([]);
  });

  it('tell of a cancellation at once, though an earlier message waits for its next try', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    await notify.publish(userVerified(person));
    notify.booking.set(booking.id, { state: CONFIRMED, version: 1 });
    await notify.phones.addFault({ mode: 'error500', match: sendText, times: 1 });
    const text = `UPDATE messages SET next_attempt_at = now() + interval '1 hour' WHERE user_id = $1 AND state = 'queued'`;
    await notify.publish(bookingConfirmed(booking, 1));
    await waitFor('the long wait', async () => {
      const { rowCount } = await notify.running.ctx.database.query({
        name: 'test.wait',
        text,
        values: [person.userId],
      });
      return rowCount === 1;
    });
    notify.booking.set(booking.id, { state: CANCELLED, version: 2 });
    await notify.publish(bookingCancelled(booking, 2));
    await notify.waitForState(person.userId, 'dropped', 'sent');
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
  });
});
