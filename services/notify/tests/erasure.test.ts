import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { forgetNumbers } from '../src/jobs/forget-numbers.ts';
import {
  bookingConfirmed,
  createBooking,
  createPerson,
  otpRequested,
  SecurityNoticeKind,
  securityNotice,
  userErased,
  userUpdated,
  userVerified,
} from './support/facts.ts';
import { BookingState } from './support/fake-booking.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';
import { sendText } from './support/phones.ts';

const { ACCOUNT_ERASED, SESSION_COMPROMISED } = SecurityNoticeKind;

describe('somebody who was erased', () => {
  let notify: NotifyFixture;

  beforeAll(async () => {
    notify = await startNotify();
  });
  afterEach(async () => {
    notify.booking.isAway = false;
    await notify.phones.clearFaults();
  });
  afterAll(() => notify.close());

  async function startPerson() {
    const person = createPerson();
    await notify.publish(userVerified(person));
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 1 });
    return { person, booking };
  }

  /** Everything that is kept, of anybody. */
  async function dump(): Promise<string> {
    const text = `SELECT to_jsonb(c)::text AS row FROM contacts c UNION ALL SELECT to_jsonb(m)::text FROM messages m
                  UNION ALL SELECT to_jsonb(d)::text FROM message_decisions d
                  UNION ALL SELECT to_jsonb(l)::text FROM dead_letters l`;
    const { rows } = await notify.running.ctx.database.query<{ row: string }>({ name: 'test.dump', text });
    return rows.map(({ row }) => row).join('\n');
  }

  /** Keeps the next call to the provider of texts from going out until it is released. */
  function holdCall() {
    const provider = notify.running.ctx.providers.text as { sendText: (order: never) => Promise<unknown> };
    const { sendText: send } = provider;
    const [called, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const ended = Promise.withResolvers<void>();
    provider.sendText = async (order) => {
      provider.sendText = send;
      called.resolve();
      await released.promise;
      return send(order).finally(() => ended.resolve());
    };
    return { called: called.promise, release: () => released.resolve(), ended: ended.promise };
  }

  const empty = { phone: null, body: null, facts: null };

  it('has no contact any more, and no words or numbers in past messages', async () => {
    const { person, booking } = await startPerson();
    const key = notify.running.ctx.config.envelopeKey;
    const code = await otpRequested(person, key, { code: '919191' });
    await notify.publish(bookingConfirmed(booking, 1), code);
    await notify.waitForState(person.userId, 'sent');
    await notify.waitForState(code.aggregateId, 'sent');
    expect(await dump()).toContain(person.phone);
    await notify.publish(userErased(person));
    const [text] = await notify.waitForState(person.userId, 'sent');
    const [sms] = await notify.waitForState(code.aggregateId, 'sent');
    expect(text).toMatchObject(empty);
    expect(sms).toMatchObject(empty);
    expect(await dump()).not.toContain(person.phone);
  });

  it('gets nothing of what waited', async () => {
    const { person, booking } = await startPerson();
    notify.booking.isAway = true;
    await notify.publish(bookingConfirmed(booking, 1));
    await waitFor('the wait', async () => (await notify.states(person.userId))[0]?.waits);
    await notify.publish(userErased(person));
    const [row] = await notify.waitForState(person.userId, 'dropped');
    expect(row).toMatchObject({ ...empty, reason: 'user_erased' });
    expect(await notify.decisions(person.userId)).toContain('booking_confirmed dropped user_erased');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('leaves nothing behind when it happens while a message is being sent', async () => {
    const { person, booking } = await startPerson();
    const call = holdCall();
    await notify.publish(bookingConfirmed(booking, 1));
    await call.called;
    await notify.publish(userErased(person));
    call.release();
    await call.ended;
    await waitFor('the lane to rest', () => notify.running.settled());
    const [row] = await notify.waitForState(person.userId, 'dropped');
    expect(row).toMatchObject(empty);
    expect(await dump()).not.toContain(person.phone);
  });

  it('leaves nothing behind when the call that it met fails', async () => {
    const { person, booking } = await startPerson();
    const call = holdCall();
    await notify.phones.addFault({ mode: 'error500', match: sendText, times: 1 });
    await notify.publish(bookingConfirmed(booking, 1));
    await call.called;
    await notify.publish(userErased(person));
    call.release();
    await call.ended;
    await waitFor('the lane to rest', () => notify.running.settled());
    await notify.waitForState(person.userId, 'dropped');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('is not brought back by facts that come late, older or not', async () => {
    const person = createPerson();
    const booking = createBooking(person);
    notify.booking.set(booking.id, { state: BookingState.CONFIRMED, version: 1 });
    await notify.publish(userErased(person, 4));
    await notify.publish(userVerified(person), userUpdated(person, { version: 5 }));
    await notify.publish(bookingConfirmed(booking, 1));
    const [row] = await notify.waitForState(person.userId, 'dropped');
    expect(row).toMatchObject({ ...empty, reason: 'user_erased' });
    expect(await dump()).not.toContain(person.phone);
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('stays so, however often it is announced', async () => {
    const { person, booking } = await startPerson();
    await notify.publish(bookingConfirmed(booking, 1));
    await notify.waitForState(person.userId, 'sent');
    const event = userErased(person);
    await notify.publish(event);
    const once = await dump();
    await notify.publish({ ...event, id: uuidv7() });
    expect(toComparable(await dump())).toBe(toComparable(once));
  });

  it.each(['before', 'after'] as const)(
    'is told so once, the notice coming %s the fact, and then forgotten',
    async (when) => {
      const { person } = await startPerson();
      const notice = securityNotice(person, ACCOUNT_ERASED, { language: 'en' });
      await notify.phones.addFault({ mode: 'error500', match: sendText, times: 1 });
      for (const event of when === 'before' ? [notice, userErased(person)] : [userErased(person), notice])
        await notify.publish(event);
      const [row] = await notify.waitForState(person.userId, 'sent');
      expect(row).toMatchObject({ ...empty, kind: 'security_notice', attempts: 2 });
      const messages = await notify.phones.messages(person.phone);
      expect(messages).toMatchObject([
        { body: expect.stringContaining('your account and your personal data were deleted') },
      ]);
      expect(await dump()).not.toContain(person.phone);
    },
  );

  it('hears nothing else about the account', async () => {
    const { person } = await startPerson();
    await notify.publish(userErased(person));
    await notify.publish(securityNotice(person, SESSION_COMPROMISED));
    const [row] = await notify.waitForState(person.userId, 'dropped');
    expect(row).toMatchObject(empty);
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('takes along what could not be handled about them, and nobody else', async () => {
    const [{ person }, { person: other }] = [await startPerson(), await startPerson()];
    for (const { userId, phone } of [person, other]) {
      await park(userId, 'identity.user.v1.updated', phone);
      await park(`notice-${userId}`, 'identity.security.v1.noticed', `\n$${userId}`);
      await park(`code-${userId}`, 'identity.otp.v1.requested', `\r${phone}`);
    }
    await notify.publish(userErased(person));
    const text = 'SELECT aggregate_id FROM dead_letters ORDER BY aggregate_id';
    const { rows } = await notify.running.ctx.database.query({ name: 'test.dead', text });
    const { userId } = other;
    expect(rows.map((row) => row.aggregate_id)).toEqual([userId, `code-${userId}`, `notice-${userId}`]);
    const [contact] = (await dump()).split('\n').filter((row) => row.includes(other.phone));
    expect(contact).toBeDefined();
  });

  it('is not waited for by the numbers of codes: they go after a week, whosever they were', async () => {
    const [old, recent] = [createPerson(), createPerson()];
    const { database, config } = notify.running.ctx;
    await notify.publish(
      await otpRequested(old, config.envelopeKey, { code: '717171' }),
      await otpRequested(recent, config.envelopeKey, { code: '727272' }),
    );
    await notify.waitForState(old.phone, 'sent');
    await notify.waitForState(recent.phone, 'sent');
    const text = `UPDATE messages SET created_at = now() - interval '8 days' WHERE phone = $1`;
    await database.query({ name: 'test.age', text, values: [old.phone] });
    await forgetNumbers(notify.running.ctx, new AbortController().signal);
    expect(await notify.states(old.phone)).toEqual([]);
    expect(await notify.states(recent.phone)).toHaveLength(1);
  });

  async function park(aggregateId: string, subject: string, text: string): Promise<void> {
    await notify.running.ctx.database.query({
      name: 'test.park',
      text: `INSERT INTO dead_letters (event_id, subject, payload, aggregate_id, deliveries, error)
             VALUES (uuidv7(), $3, $2, $1, 1, 'test')`,
      values: [aggregateId, Buffer.from(text), subject],
    });
  }
});

// The order of rows says nothing, and the moment of the repetition is not of the person.
function toComparable(dump: string): string {
  return dump
    .replaceAll(/"updated_at": ?"[^"]*"/g, '')
    .split('\n')
    .sort()
    .join('\n');
}
