import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway();
});
afterAll(() => api.close());

const signedIn = { authorization: 'Bearer customer' };

function whoAmI(headers: Record<string, string>): Promise<Record<string, string>> {
  return request(api.url, 'GET /api/whoami', { headers: { ...signedIn, ...headers } }).then(
    (reply) => reply.json.headers,
  );
}

describe('what services are told', () => {
  it('is the token, the language, the ids, the preconditions and the trace', async () => {
    const headers = await whoAmI({
      'accept-language': 'fr, ar;q=0.4',
      'x-request-id': 'req-1',
      'idempotency-key': '"k 1"'.replace(' ', '-'),
      'if-match': '"v1"',
      'x-device-id': 'phone-7',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      'x-mawid-peer': 'booking',
      'x-client-address': '6.6.6.6',
      cookie: 'a=b',
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer customer',
      'accept-language': 'ar',
      'x-request-id': 'req-1',
      'idempotency-key': 'k-1',
      'if-match': 'v1',
      'x-device-id': 'phone-7',
      'x-mawid-peer': 'gateway',
      'x-client-address': '127.0.0.1',
      traceparent: expect.stringMatching(`^00-${'a'.repeat(32)}-`),
    });
    expect(headers.cookie).toBeUndefined();
  });

  it('has the client address that a trusted proxy reports', async () => {
    expect((await whoAmI({ 'x-forwarded-for': '6.6.6.6, 203.0.113.9' }))['x-client-address']).toBe('203.0.113.9');
  });

  it.each([
    ['"v1"', 'v1'],
    ['*', '*'],
    ['"v1", "v2"', '"v1", "v2"'],
    ['W/"v1"', '""'],
    ['W/"v1", W/"v2"', '""'],
    ['W/"v1", "v2"', 'v2'],
    ['"v1" ,, W/"v2", "v3",', '"v1", "v3"'],
    ['"*"', '"*"'],
    ['"v1,v2"', '"v1,v2"'],
    ['W/v1', 'W/v1'],
    ['w/"v1"', '""'],
    ['"v1" "v2"', '""'],
    [`"v1"${', '.repeat(500)}x`, '""'],
    [`"v1"${' , '.repeat(500)}"v2"`, '"v1", "v2"'],
  ])('is of the precondition %s what can be compared strongly', async (sent, told) => {
    expect((await whoAmI({ 'if-match': sent }))['if-match']).toBe(told);
  });

  it.each(['""', 'W/""', '"é"', '"v1", "é"', ''])(
    'keeps the precondition %s, which no resource fulfils',
    async (tag) => {
      expect((await whoAmI({ 'if-match': tag }))['if-match']).toBe('""');
    },
  );

  it('has the address of the connection where it comes from no trusted proxy', async () => {
    const strict = await startTestGateway({ TRUSTED_PROXIES: '10.0.0.0/8' });
    const headers = { ...signedIn, 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6' };
    const reply = await request(strict.url, 'GET /api/whoami', { headers });
    await strict.close();
    expect(reply.json.headers['x-client-address']).toBe('127.0.0.1');
  });

  it('has no language where nobody chose one, and the one of the token before our default', async () => {
    expect((await whoAmI({ 'accept-language': 'fr' }))['accept-language']).toBeUndefined();
    const claims = Buffer.from(JSON.stringify({ locale: 'ar' })).toString('base64url');
    const reply = await request(api.url, 'GET /api/whoami', {
      headers: { authorization: `Bearer customer.${claims}`, 'accept-language': '*' },
    });
    expect([reply.json.headers['accept-language'], reply.headers.get('content-language')]).toEqual(['ar', 'ar']);
  });

  it('leaves out what metadata cannot carry, and refuses a key it cannot keep', async () => {
    const headers = await whoAmI({ 'x-device-id': 'a b', 'x-request-id': 'a b', 'if-match': 'é' });
    expect(headers['x-device-id']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const reply = await request(api.url, 'GET /api/whoami', {
      headers: { ...signedIn, 'idempotency-key': 'a'.repeat(256) },
    });
    expect(reply.json).toMatchObject({ status: 400, errors: { 'Idempotency-Key': [expect.stringContaining('255')] } });
  });
});
