import { Code } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { seen } from './support/library.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway({ CORS_ORIGINS: 'https://app.mawid.sa', GATEWAY_REQUEST_TIMEOUT_MS: '500' });
});
afterAll(() => api.close());
afterEach(() => void Object.assign(seen, { cancelled: false, waiting: false }));

const signedIn = { authorization: 'Bearer customer' };

describe('problems', () => {
  it('tell the reason of a service in the language of the caller', async () => {
    const body = { code: Code.Aborted, reason: 'STALE_ETAG', metadata: { version: '7' }, message: 'inner words' };
    const reply = await request(api.url, 'POST /api/fail', { body, headers: { 'accept-language': 'ar-SA,en;q=0.5' } });
    expect([reply.status, reply.headers.get('content-language')]).toEqual([412, 'ar']);
    expect(reply.json).toEqual({
      type: '/docs/errors/STALE_ETAG',
      title: 'Stale etag',
      status: 412,
      code: 'STALE_ETAG',
      instance: '/api/fail',
      detail: 'تم تعديل هذا العنصر في هذه الأثناء. أعد تحميله ثم حاول مجددًا.',
      metadata: { version: '7' },
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(reply.headers.get('traceresponse')).toContain(reply.json.trace_id);
    expect((await request(api.url, `GET ${reply.json.type}`)).text).toContain('STALE_ETAG');
  });

  it('list field messages and waits as the old backend did', async () => {
    const fields = { phone_number: 'required', code: 'required' };
    const invalid = await request(api.url, 'POST /api/fail', {
      body: { code: Code.InvalidArgument, reason: 'VALIDATION_FAILED', fields },
    });
    expect(invalid.json).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      phone_number: ['This field is required.'],
      errors: { code: ['This field is required.'] },
    });
    const limited = await request(api.url, 'POST /api/fail', {
      body: { code: Code.ResourceExhausted, reason: 'RATE_LIMITED', retry_after_seconds: 30 },
    });
    expect([limited.status, limited.headers.get('retry-after'), limited.json.retry_after_seconds]).toEqual([
      429,
      '30',
      30,
    ]);
  });

  it('never show what a service did not mean for clients', async () => {
    for (const code of [0, Code.Internal, Code.Unknown, Code.DataLoss]) {
      const reply = await request(api.url, 'POST /api/fail', { body: { code, message: 'select secret from users' } });
      expect(reply.json).toMatchObject({ status: 500, code: 'INTERNAL', detail: 'Something went wrong on our side.' });
      expect(reply.text).not.toContain('secret');
    }
  });

  it('answer 504 when the call takes too long', async () => {
    const reply = await request(api.url, 'POST /api/wait', { body: { milliseconds: 5_000 } });
    expect([reply.status, reply.json.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
  });

  it('end the call when the client goes away', async () => {
    const controller = new AbortController();
    const body = JSON.stringify({ milliseconds: 5_000 });
    const headers = { 'content-type': 'application/json' };
    const pending = fetch(`${api.url}/api/wait`, { method: 'POST', body, headers, signal: controller.signal }).catch(
      () => 'gone',
    );
    await until(() => seen.waiting);
    const before = Date.now();
    controller.abort();
    expect(await pending).toBe('gone');
    await until(() => seen.cancelled);
    expect(Date.now() - before).toBeLessThan(400);
  });
});

describe('access', () => {
  it('lets nobody in without a good token, and says how', async () => {
    const none = await request(api.url, 'GET /api/whoami');
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="mawid"']);
    const bad = await request(api.url, 'GET /api/whoami', { headers: { authorization: 'Bearer forged' } });
    expect([bad.status, bad.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="mawid", error="invalid_token"',
    ]);
    expect((await request(api.url, 'GET /api/whoami', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401);
    expect((await request(api.url, 'GET /api/whoami', { headers: { authorization: 'Bearer keys-gone' } })).status).toBe(
      503,
    );
  });

  it('asks for the role', async () => {
    expect((await request(api.url, 'POST /api/manage', { headers: signedIn })).json).toMatchObject({
      status: 403,
      code: 'PERMISSION_DENIED',
    });
    expect((await request(api.url, 'POST /api/manage', { headers: { authorization: 'bearer admin' } })).status).toBe(
      204,
    );
  });

  it('is refused in the language of the token', async () => {
    const claims = Buffer.from(JSON.stringify({ locale: 'ar' })).toString('base64url');
    const headers = { authorization: `Bearer customer.${claims}` };
    const denied = await request(api.url, 'POST /api/manage', { headers });
    expect([denied.status, denied.headers.get('content-language'), denied.json.detail]).toEqual([
      403,
      'ar',
      'ليس لديك صلاحية للقيام بهذا الإجراء.',
    ]);
  });

  it('takes a bad token for none on public methods', async () => {
    for (const token of ['forged', 'keys-gone', 'customer']) {
      expect(
        (await request(api.url, 'GET /api/titles', { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(200);
    }
  });

  it('is decided before the body is looked at', async () => {
    expect((await request(api.url, 'POST /api/manage', { body: '{', headers: signedIn })).status).toBe(403);
  });
});

describe('a resource that has not changed', () => {
  it.each([['"n1"'], ['W/"n1"'], ['"x", W/"n1"'], ['*']])('is 304 for If-None-Match: %s', async (tag) => {
    const reply = await request(api.url, 'GET /api/books/newest', { headers: { 'if-none-match': tag } });
    expect([reply.status, reply.text, reply.headers.get('etag'), reply.headers.get('content-type')]).toEqual([
      304,
      '',
      '"n1"',
      null,
    ]);
    expect(reply.headers.get('vary')).toContain('Authorization');
    expect((await request(api.url, 'HEAD /api/books/newest', { headers: { 'if-none-match': tag } })).status).toBe(304);
  });

  it.each([['"n2"'], ['n1'], ['"N1"'], ['""'], ['"n1']])('is sent for If-None-Match: %s', async (tag) => {
    const reply = await request(api.url, 'GET /api/books/newest', { headers: { 'if-none-match': tag } });
    expect([reply.status, reply.json.book_id]).toEqual([200, 'newest']);
  });

  it('is answered in full where something was changed', async () => {
    const reply = await request(api.url, 'POST /api/shelves/s1/books', {
      body: {},
      headers: { 'if-none-match': '"v1"' },
    });
    expect([reply.status, reply.headers.get('etag')]).toEqual([201, '"v1"']);
  });
});

/** What browsers show without being told (Fetch, "CORS-safelisted response-header name"), and what is meant for browsers only. */
const forBrowsers =
  /^(?:cache-control|content-(?:language|length|type|security-policy)|access-control-.*|connection|date|keep-alive|referrer-policy|strict-.*|vary|x-content-.*|x-frame-.*)$/;

describe('every answer', () => {
  it.each([
    ['GET /api/books/newest', {}],
    ['POST /api/shelves/s1/books', { body: {} }],
    ['GET /api/whoami', {}],
    ['DELETE /api/titles', {}],
    ['POST /api/kinds', { body: 'x', headers: { 'content-type': 'text/plain' } }],
    ['POST /api/kinds', { body: '{}', headers: { 'content-encoding': 'gzip' } }],
    ['POST /api/fail', { body: { code: Code.ResourceExhausted, reason: 'RATE_LIMITED', retry_after_seconds: 30 } }],
  ])('shows other origins all of its own headers: %s %j', async (line, options: Parameters<typeof request>[2]) => {
    const { headers } = await request(api.url, line, {
      ...options,
      headers: { ...options?.headers, origin: 'https://app.mawid.sa' },
    });
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(', ');
    for (const name of headers.keys()) if (!forBrowsers.test(name)) expect(exposed).toContain(name);
  });

  it('is kept by caches for one language, one caller and one origin', async () => {
    const known = { 'if-none-match': '"n1"', 'accept-language': 'ar' };
    for (const headers of [{}, known]) {
      const reply = await request(api.url, 'GET /api/books/newest', { headers });
      expect(reply.headers.get('vary')).toBe('Accept-Language, Authorization, Origin');
    }
  });

  it('carries the request id, the trace and the security headers', async () => {
    for (const line of ['GET /api/titles', 'GET /nope', 'GET /livez']) {
      const { headers } = await request(api.url, line, { headers: { 'x-request-id': 'mine' } });
      expect(headers.get('x-request-id')).toBe('mine');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('vary')).toContain('Accept-Language');
      if (line !== 'GET /livez') expect(headers.get('traceresponse')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    }
  });

  it('lets listed origins read it, and no other', async () => {
    const listed = { origin: 'https://app.mawid.sa', 'access-control-request-method': 'POST' };
    const preflight = await request(api.url, 'OPTIONS /api/books', { headers: listed });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.mawid.sa');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('GET');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    expect((await request(api.url, 'GET /nope', { headers: listed })).headers.get('access-control-allow-origin')).toBe(
      'https://app.mawid.sa',
    );
    const document = await request(api.url, 'OPTIONS /openapi.json', { headers: listed });
    expect([document.status, document.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, HEAD, OPTIONS',
    ]);
    const other = await request(api.url, 'OPTIONS /api/books', { headers: { origin: 'https://evil.example' } });
    expect([
      other.headers.get('access-control-allow-origin'),
      other.headers.get('access-control-allow-methods'),
    ]).toEqual([null, null]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !condition(); round++) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!condition()) throw new Error('it did not happen');
}
