import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPerson, otpRequested } from './support/facts.ts';
import { type NotifyFixture, startNotify } from './support/notify.ts';
import { sendCode } from './support/phones.ts';

describe('one-time codes', () => {
  let notify: NotifyFixture;
  let key: Uint8Array;

  beforeAll(async () => {
    notify = await startNotify();
    key = notify.running.ctx.config.envelopeKey;
  });
  afterEach(() => notify.phones.clearFaults());
  afterAll(() => notify.close());

  it('arrive by SMS in Arabic, and are forgotten here', async () => {
    const person = createPerson();
    await notify.publish(await otpRequested(person, key, { code: '482913' }));
    const [row] = await notify.waitForState(person.phone, 'sent');
    expect(await notify.phones.messages(person.phone)).toMatchObject([
      { channel: 'sms', code: '482913', body: expect.stringContaining('رمز') },
    ]);
    expect(row).toMatchObject({ sealed_code: null, body: null });
    expect(JSON.stringify(await everyRow())).not.toContain('482913');
  });

  it('arrive in English by WhatsApp where asked for', async () => {
    const person = createPerson();
    await notify.publish(await otpRequested(person, key, { code: '000042', channel: 'whatsapp', language: 'en' }));
    await notify.waitForState(person.phone, 'sent');
    expect(await notify.phones.messages(person.phone)).toMatchObject([
      { channel: 'whatsapp', code: '000042', body: expect.stringContaining('verification code') },
    ]);
  });

  it('fall back from WhatsApp to SMS with the same code', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'error500', match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '771100', channel: 'whatsapp' }));
    await notify.waitForState(person.phone, 'sent');
    expect(await notify.phones.messages(person.phone)).toMatchObject([{ channel: 'sms', code: '771100' }]);
    expect(await notify.decisions(person.phone)).toEqual([
      'otp tried',
      'otp retried 500 Server Error',
      'otp tried',
      'otp sent',
    ]);
  });

  it('are tried again after an outage', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'error500', match: sendCode, times: 2 });
    await notify.publish(await otpRequested(person, key, { code: '120034' }));
    const [row] = await notify.waitForState(person.phone, 'sent');
    expect(row?.attempts).toBe(3);
    expect(await notify.phones.messages(person.phone)).toHaveLength(1);
  });

  it('come with the same code when the answer to a call was lost', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'timeout_after_acting', match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '556677' }));
    await notify.waitForState(person.phone, 'sent');
    const codes = (await notify.phones.messages(person.phone)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['556677']));
  });

  it('are sent once for one request, however often it is announced', async () => {
    const person = createPerson();
    const event = await otpRequested(person, key, { code: '909090' });
    const again = await otpRequested(person, key, { code: '909090', requestId: event.aggregateId });
    await notify.publish(event, again);
    await notify.waitForState(person.phone, 'sent');
    expect(await notify.phones.messages(person.phone)).toHaveLength(1);
  });

  it('are not sent after their time', async () => {
    const person = createPerson();
    await notify.publish(await otpRequested(person, key, { code: '313131', expiresInMs: -1 }));
    await notify.waitForState(person.phone, 'dropped');
    expect(await notify.phones.messages(person.phone)).toEqual([]);
    expect(await notify.decisions(person.phone)).toEqual(['otp dropped expired']);
  });

  it('fail at once where the provider refuses them, and say so', async () => {
    const person = createPerson();
    const before = await notify.published('notify.message.v1.failed');
    await notify.phones.addFault({ mode: 'error', status: 422, match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '414141' }));
    const [row] = await notify.waitForState(person.phone, 'failed');
    expect(row).toMatchObject({ attempts: 1, sealed_code: null, reason: '422 Request failed' });
    expect(await notify.published('notify.message.v1.failed')).toBe(before + 1);
  });

  it('fail where they were sealed with another key', async () => {
    const person = createPerson();
    await notify.publish(await otpRequested(person, new Uint8Array(32), { code: '515151' }));
    const [row] = await notify.waitForState(person.phone, 'failed');
    expect(row).toMatchObject({ attempts: 0, reason: 'code_unreadable' });
  });

  async function everyRow() {
    const { database } = notify.running.ctx;
    const text = `SELECT to_jsonb(m) AS row FROM messages m UNION ALL SELECT to_jsonb(d) FROM message_decisions d`;
    return (await database.query({ name: 'test.rows', text })).rows;
  }
});
