import { createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationKind, NotificationService } from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import { createTestTransport, headersOf, testToken } from '@mawid/service-kit/testing';
import { v7 as uuidv7 } from 'uuid';
import { routes } from '../src/rpc/index.ts';
import { createPerson, SecurityNoticeKind, securityNotice, userUpdated, userVerified } from './support/facts.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';
import { sendText } from './support/phones.ts';

const { SESSION_COMPROMISED, PHONE_CHANGED, IDENTITY_LINKED, IDENTITY_UNLINKED } = SecurityNoticeKind;

describe('notices about an account', () => {
  let notify: NotifyFixture;

  beforeAll(async () => {
    notify = await startNotify();
  });
  afterEach(() => notify.phones.clearFaults());
  afterAll(() => notify.close());

  it('T11: tell the old number of a change, also when the new one is known here already', async () => {
    const person = createPerson();
    const moved = { ...person, phone: createPerson().phone };
    await notify.publish(userVerified(person), userUpdated(moved, { version: 2 }));
    const detail = `+9665•••••${moved.phone.slice(-3)}`;
    await notify.publish(securityNotice(person, PHONE_CHANGED, { language: 'en', detail }));
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.phones.messages(person.phone)).toMatchObject([
      { body: expect.stringContaining(`changed to one that ends in ${moved.phone.slice(-3)}.`) },
    ]);
    expect(await notify.phones.messages(moved.phone)).toEqual([]);
  });

  it.each([
    [SESSION_COMPROMISED, '', 'لاحتمال سرقتها'],
    [IDENTITY_LINKED, 'google', 'أُضيف الدخول عبر Google'],
    [IDENTITY_UNLINKED, 'apple', 'أُزيل الدخول عبر Apple'],
  ])('tell the person in their language (%d)', async (kind, detail, words) => {
    const person = createPerson();
    await notify.publish(securityNotice(person, kind, { detail }));
    const [row] = await notify.waitForState(person.userId, 'sent');
    expect(row).toMatchObject({ kind: 'security_notice', body: expect.stringContaining(words) });
    expect(await notify.phones.messages(person.phone)).toMatchObject([{ body: row?.body }]);
  });

  it('T4: are told once, however often they are announced, also when an answer was lost', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'timeout_after_acting', match: sendText, times: 1 });
    const event = securityNotice(person, SESSION_COMPROMISED);
    await notify.publish(event, { ...event, id: uuidv7() });
    await notify.waitForState(person.userId, 'sent');
    expect(await notify.phones.log(person.phone)).toHaveLength(1);
  });

  it('are of no use after a day', async () => {
    const person = createPerson();
    const occurredAt = new Date(Date.now() - 24 * 3_600_000 - 1_000);
    await notify.publish(securityNotice(person, SESSION_COMPROMISED, { occurredAt }));
    await notify.waitForState(person.userId, 'dropped');
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('are among the person’s notifications', async () => {
    const person = createPerson();
    await notify.publish(securityNotice(person, IDENTITY_LINKED, { language: 'en', detail: 'apple' }));
    await notify.waitForState(person.userId, 'sent');
    const client = createClient(NotificationService, createTestTransport(routes(notify.running.ctx)));
    const headers = headersOf({ token: testToken({ userId: person.userId }) });
    const { notifications } = await client.listNotifications({}, { headers });
    expect(notifications).toMatchObject([
      { kind: NotificationKind.SECURITY_NOTICE, bookingId: '', language: 'en', body: expect.stringContaining('Apple') },
    ]);
  });
});
