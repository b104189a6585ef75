import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { OtpRequested } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { MessageFailedSchema } from '@mawid/contracts/gen/mawid/notify/events/v1/events_pb.js';
import { waitFor } from '@mawid/service-kit/testing';
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

  it.each(['sms', 'whatsapp'] as const)(
    'A10: go out once by %s when the provider acts and its answer is lost',
    async (channel) => {
      const person = createPerson();
      await notify.phones.addFault({ mode: 'timeout_after_acting', match: sendCode, times: 1 });
      const event = await otpRequested(person, key, { code: '556677', channel });
      await notify.publish(event, await otpRequested(person, key, { code: '556677', requestId: event.aggregateId }));
      const [row] = await notify.waitForState(person.phone, 'failed');
      expect(row).toMatchObject({ attempts: 1, sealed_code: null, reason: 'outcome_unknown' });
      expect(await notify.phones.messages(person.phone)).toMatchObject([{ channel, code: '556677' }]);
      expect(await notify.decisions(person.phone)).toEqual(['otp tried', 'otp failed outcome_unknown']);
      expect(await failureOf(row?.id)).toMatchObject({ reason: 'outcome_unknown', outcomeUnknown: true });
    },
  );

  it('A10: are not repeated where the provider was silent and nobody knows whether it acted', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'timeout_before_acting', match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '667788' }));
    await notify.waitForState(person.phone, 'failed');
    expect(await notify.phones.messages(person.phone)).toEqual([]);
    // Another request of the person is another message.
    await notify.publish(await otpRequested(person, key, { code: '778899' }));
    await notify.waitForState(person.phone, 'failed', 'sent');
    expect(await notify.phones.messages(person.phone)).toMatchObject([{ code: '778899' }]);
  });

  it('A10: are not repeated after a gateway timeout either, where a proxy has passed the request on', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'error', status: 504, match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '889900', channel: 'whatsapp' }));
    const [row] = await notify.waitForState(person.phone, 'failed');
    expect(row).toMatchObject({ attempts: 1, reason: 'outcome_unknown', channel: 'whatsapp' });
  });

  it('A10: are not repeated by whoever finds them in the hands of a process that is gone', async () => {
    const person = createPerson();
    const event = await otpRequested(person, key, { code: '121212' });
    // What a process leaves that was killed in its call.
    await notify.running.ctx.database.query({
      name: 'test.kill',
      text: `INSERT INTO messages (business_key, lane, kind, reference_id, channel, phone, language, sealed_code, expires_at,
                                   state, lease_id, attempts, call_open)
             VALUES ($1, 'code', 'otp', $2, 'sms', $3, 'ar', $4, now() + interval '5 minutes', 'sending', uuidv7(), 1, true)`,
      values: [
        `otp:${event.aggregateId}`,
        event.aggregateId,
        person.phone,
        (event.message as OtpRequested).encryptedCode,
      ],
    });
    const [row] = await notify.waitForState(person.phone, 'failed');
    expect(row).toMatchObject({ attempts: 1, reason: 'outcome_unknown' });
    expect(await notify.phones.log(person.phone)).toEqual([]);
  });

  it('are taken in while the provider is silent, so that nobody who asks for one waits for it', async () => {
    const person = createPerson();
    await notify.phones.addFault({ mode: 'timeout_before_acting', match: sendCode, times: 1 });
    await notify.publish(await otpRequested(person, key, { code: '343434' }));
    await waitFor('the call', async () => (await notify.decisions(person.phone)).includes('otp tried'));
    expect((await notify.states(person.phone)).map(({ state }) => state)).toEqual(['sending']);
    await notify.waitForState(person.phone, 'failed');
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
    expect(await failureOf(row?.id)).toMatchObject({ outcomeUnknown: false });
  });

  it('fail where they were sealed with another key', async () => {
    const person = createPerson();
    await notify.publish(await otpRequested(person, new Uint8Array(32), { code: '515151' }));
    const [row] = await notify.waitForState(person.phone, 'failed');
    expect(row).toMatchObject({ attempts: 0, reason: 'code_unreadable' });
  });

  async function failureOf(messageId: string | undefined) {
    const text = `SELECT payload FROM outbox WHERE aggregate_id = $1 AND subject = 'notify.message.v1.failed'`;
    const statement = { name: 'test.failure', text, values: [messageId] };
    const { rows } = await notify.running.ctx.database.query<{ payload: Buffer }>(statement);
    return rows[0] && fromBinary(MessageFailedSchema, rows[0].payload);
  }

  async function everyRow() {
    const { database } = notify.running.ctx;
    const text = `SELECT to_jsonb(m) AS row FROM messages m UNION ALL SELECT to_jsonb(d) FROM message_decisions d`;
    return (await database.query({ name: 'test.rows', text })).rows;
  }
});
