import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MessagesStandin, startMessagesStandin } from '../../src/standins/messages/index.ts';
import { call, callJson, postForm } from './call.ts';

const phone = '+966500000002';

describe('Messages stand-in', () => {
  let standin: MessagesStandin;
  const authentica = (path: string, body: unknown, key = 'authentica_test_mawid') =>
    callJson('POST', `${standin.url}/api/v2/${path}`, body, { 'x-authorization': key });
  const unifonic = (more: Record<string, string> = {}) =>
    postForm(`${standin.url}/rest/SMS/messages`, {
      AppSid: 'unifonic_test_mawid',
      SenderID: 'MAWID',
      Recipient: '966500000002',
      Body: 'تم تأكيد موعدك يوم الأحد 10:00 صباحًا 💇',
      ...more,
    });
  const inbox = async (address = phone) => (await callJson('GET', `${standin.url}/phones/${address}/messages`)).json;

  beforeAll(async () => {
    standin = await startMessagesStandin();
  });
  beforeEach(() => callJson('POST', `${standin.url}/_control/reset`));
  afterAll(() => standin.close());

  it('shows an Authentica code in the phone’s inbox, in Arabic or English, newest first', async () => {
    const sent = await authentica('send-otp', { method: 'sms', phone, otp: '482913' });
    await authentica('send-otp', { method: 'whatsapp', phone, otp: '000042', template_id: 2 });
    expect(sent).toMatchObject({ status: 200, json: { success: true, data: null, message: 'OTP send successfully' } });
    const [newest, oldest] = await inbox();
    expect(newest).toMatchObject({ channel: 'whatsapp', code: '000042', body: expect.stringContaining('000042') });
    expect(oldest).toMatchObject({
      channel: 'sms',
      code: '482913',
      provider: 'authentica',
      body: expect.stringContaining('رمز'),
    });
    expect(Date.parse(oldest.sent_at)).not.toBeNaN();
  });

  it('finds a phone written with %2B or with a plus', async () => {
    await authentica('send-sms', { phone, message: 'مرحبًا', sender_name: 'MAWID' });
    expect(await inbox(encodeURIComponent(phone))).toEqual(await inbox(phone));
    expect((await callJson('GET', `${standin.url}/phones`)).json).toMatchObject([{ phone, messages: 1 }]);
  });

  it('refuses bad keys and bad fields as Authentica does', async () => {
    expect(await authentica('send-otp', { method: 'sms', phone }, 'wrong')).toMatchObject({ status: 401 });
    const invalid = await authentica('send-otp', { method: 'sms', phone: '0500000002' });
    expect(invalid).toMatchObject({ status: 422, json: { errors: { phone: [expect.any(String)] } } });
    expect(await inbox()).toEqual([]);
  });

  it('sends a Unifonic message byte for byte and counts its Arabic parts', async () => {
    const sent = await unifonic({ CorrelationID: 'n-1' });
    expect(sent).toMatchObject({
      status: 200,
      json: { success: true, errorCode: 'ER-00', data: { NumberOfUnits: '1' } },
    });
    expect(await inbox()).toMatchObject([
      { body: 'تم تأكيد موعدك يوم الأحد 10:00 صباحًا 💇', sender: 'MAWID', provider: 'unifonic', channel: 'sms' },
    ]);
    expect((await unifonic({ Body: 'م'.repeat(71) })).json.data.NumberOfUnits).toBe('2');
  });

  it('refuses a second message with the same CorrelationID', async () => {
    await unifonic({ CorrelationID: 'n-2' });
    expect(await unifonic({ CorrelationID: 'n-2', Body: 'other' })).toMatchObject({
      status: 409,
      json: { success: false, errorCode: 'ER-09' },
    });
    expect(await inbox()).toHaveLength(1);
    expect((await callJson('GET', `${standin.url}/_log`)).json).toMatchObject([
      { provider: 'unifonic', correlation_id: 'n-2', to: [phone] },
    ]);
  });

  it.each([
    [{ AppSid: '' }, 402],
    [{ AppSid: 'wrong' }, 401],
    [{ Recipient: '+966500000002' }, 410],
    [{ Recipient: '966112345678' }, 482],
    [{ Body: ' ' }, 449],
    [{ Body: 'م'.repeat(671) }, 412],
    [{ SenderID: 'MUCHTOOLONGNAME' }, 440],
    [{ SenderID: 'OTHER' }, 480],
  ])('answers Unifonic’s own status to %j: %i', async (more, status) => {
    expect((await unifonic(more)).status).toBe(status);
  });

  it('has sent the message although its answer timed out, so the second try is a duplicate', async () => {
    await callJson('POST', `${standin.url}/_control`, {
      mode: 'timeout_after_acting',
      match: 'POST /rest/SMS/messages',
      ms: 10,
      times: 1,
    });
    await expect(unifonic({ CorrelationID: 'n-3' })).rejects.toThrow();
    expect((await unifonic({ CorrelationID: 'n-3' })).status).toBe(409);
    expect(await inbox()).toHaveLength(1);
  });

  it('speaks Taqnyat: accepted and rejected as texts', async () => {
    const body = { recipients: ['966500000002', '123'], body: 'Hello', sender: 'MAWID' };
    const sent = await callJson('POST', `${standin.url}/v1/messages`, body, {
      authorization: 'Bearer taqnyat_test_mawid',
    });
    expect(sent).toMatchObject({
      status: 201,
      json: { statusCode: 201, accepted: '[966500000002,]', rejected: '[123,]' },
    });
    expect(await inbox()).toMatchObject([{ provider: 'taqnyat', body: 'Hello' }]);
  });

  it('speaks FCM: a device’s inbox, text-only data, removed tokens', async () => {
    const push = (message: unknown) =>
      callJson(
        'POST',
        `${standin.url}/v1/projects/mawid/messages:send`,
        { message },
        { authorization: 'Bearer fcm_test_mawid' },
      );
    const sent = await push({ token: 'device-1', notification: { title: 'موعد', body: 'تم التأكيد' } });
    expect(sent.json.name).toMatch(/^projects\/mawid\/messages\//);
    expect((await callJson('GET', `${standin.url}/inboxes/device-1/messages`)).json).toMatchObject([
      { channel: 'push', body: 'موعد\nتم التأكيد' },
    ]);
    expect((await push({ token: 'device-1', data: { count: 1 } })).status).toBe(400);
    expect(await push({ token: 'unregistered-1' })).toMatchObject({
      status: 404,
      json: { error: { details: [{ errorCode: 'UNREGISTERED' }] } },
    });
  });

  it('shows inboxes as pages: Arabic from the right, nothing unescaped', async () => {
    await unifonic();
    await unifonic({ Body: '<b>bold</b>' });
    const page = await call('GET', `${standin.url}/phones/${encodeURIComponent(phone)}`);
    expect(page.text).toContain('dir="rtl">تم تأكيد');
    expect(page.text).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect((await call('GET', `${standin.url}/`)).text).toContain('href="/phones/%2B966500000002"');
  });

  it('remembers messages and used CorrelationIDs after a restart when it has a journal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'messages-'));
    const dataFile = join(folder, 'journal.jsonl');
    const usual = standin;
    standin = await startMessagesStandin({ dataFile });
    await unifonic({ CorrelationID: 'n-4' });
    const before = await inbox();
    await standin.close();
    standin = await startMessagesStandin({ dataFile });
    expect(await inbox()).toEqual(before);
    expect((await unifonic({ CorrelationID: 'n-4' })).status).toBe(409);
    await standin.close();
    await rm(folder, { recursive: true });
    standin = usual;
  });

  it('refuses a body that is too large', async () => {
    const large = await authentica('send-sms', { phone, message: 'x'.repeat(70_000), sender_name: 'MAWID' }).catch(
      () => undefined,
    );
    expect(large === undefined || large.status === 413).toBe(true);
    expect(await inbox()).toEqual([]);
  });
});
