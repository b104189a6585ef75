import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, createCustomer } from '@mawid/dev-stack';
import { callRest, type Reply, type RequestParts } from './rest-call.ts';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

// The habits of the whole REST API, each shown on a route that exists.
let stack: TestStack;
let customer: string;
let stranger: string;
let manager: string;
let salonId: string;
let serviceId: string;
/** Free times, in order. */
let starts: string[];

beforeAll(async () => {
  const env = { OTP_RESEND_COOLDOWN_SECONDS: '0', CORS_ORIGINS: 'https://app.mawid.sa' };
  stack = await startCheckedStack({ env });
  [customer, stranger, manager] = [
    await tokenOf(newPhone()),
    await tokenOf(newPhone()),
    await tokenOf(accounts.manager.phoneNumber),
  ];
  const { salons } = (await call('GET /api/salons')).body;
  salonId = salons.find((each: { payment_policy: string }) => each.payment_policy === 'at_salon').id;
  serviceId = (await call(`GET /api/salons/${salonId}/services`)).body.services[0].id;
  const [from, to] = [2, 5].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const free = await call(`GET /api/salons/${salonId}/slots?service_ids=${serviceId}&from=${from}&to=${to}`);
  starts = free.body.slots.map((slot: { start_at: string }) => slot.start_at);
}, 120_000);

afterAll(() => stack?.close());

async function tokenOf(phone: string): Promise<string> {
  return (await createCustomer(stack.urls, phone).signIn()).body.access;
}

const call = (line: string, parts?: RequestParts): Promise<Reply> => callRest(stack.urls.gateway, line, parts);

let lastStart = 0;

/** The body of a booking at a time that no other test of this file books. */
function newWish() {
  lastStart += 4;
  const start = starts[lastStart];
  if (start === undefined) throw new Error('there are too few free times');
  return { salon_id: salonId, items: [{ service_id: serviceId }], start_at: start };
}

describe('requests', () => {
  it('reach a route with and without the trailing slash, without a redirect', async () => {
    for (const path of ['/api/salons', '/api/salons/', `/api/salons/${salonId}/`]) {
      expect([path, (await call(`GET ${path}`)).status]).toEqual([path, 200]);
    }
  });

  it('may spell fields in snake_case or camelCase, but not both', async () => {
    const camel = { phoneNumber: newPhone(), preferredLanguage: 'en' };
    expect((await call('POST /api/auth/phone/request', { body: camel })).status).toBe(201);
    const both = { phone_number: newPhone(), phoneNumber: newPhone() };
    expect((await call('POST /api/auth/phone/request', { body: both })).status).toBe(400);
    expect((await call('GET /api/salons?pageSize=1')).body.salons).toHaveLength(1);
  });

  it('may spell enum values as labels or as in the proto', async () => {
    for (const channel of ['whatsapp', 'CODE_CHANNEL_WHATSAPP']) {
      const { body } = await call('POST /api/auth/phone/request', { body: { phone_number: newPhone(), channel } });
      expect(body.channel).toBe('whatsapp');
    }
    const wrong = await call('POST /api/auth/phone/request', { body: { phone_number: newPhone(), channel: 'fax' } });
    expect([wrong.status, wrong.body.channel]).toEqual([400, ['Must be one of: sms, whatsapp.']]);
  });

  it('are refused for unknown fields and parameters, but not below /api/auth/', async () => {
    const strict = await call('POST /api/bookings', { token: customer, body: { ...newWish(), nmae: 1 } });
    expect([strict.status, strict.body.nmae]).toEqual([400, ['حقل غير معروف.']]);
    expect((await call('GET /api/salons?ctiy=Riyadh')).body.ctiy).toEqual(['Unknown query parameter.']);
    const body = { phone_number: newPhone(), app_version: '1' };
    expect((await call('POST /api/auth/phone/request/?v=2', { body })).status).toBe(201);
  });

  it.each([
    ['{"items":', 'json.syntax'],
    ['['.repeat(40), 'json.depth'],
    ['{"salon_id":"a","salon_id":"b"}', 'salon_id'],
    ['{"__proto__":{"role":"admin"}}', '__proto__'],
    ['{"customer_note":"\\u0000"}', 'customer_note'],
    ['{"customer_note":"\\ud800"}', 'customer_note'],
    ['{"start_at":"2026-02-30T10:00:00Z"}', 'start_at'],
    ['{"start_at":"2026-11-22T10:00:00"}', 'start_at'],
  ])('like %s are answered 400', async (body, place) => {
    const reply = await call('POST /api/bookings', { token: customer, body });
    expect(reply.status).toBe(400);
    if (!place.startsWith('json.')) expect(Object.keys(reply.body.errors)).toContain(place);
  });

  it.each(['first_name', 'last_name'])('with U+0000 in %s are answered 400, signed in or not', async (field) => {
    const body = { phone_number: newPhone(), [field]: 'a\u0000b' };
    for (const line of ['POST /api/auth/phone/request', 'POST /api/auth/register']) {
      const reply = await call(line, { body, headers: { 'accept-language': 'ar' } });
      expect([reply.status, reply.body[field]]).toEqual([400, ['يجب ألا يحتوي على الرمز U+0000.']]);
    }
    expect((await call('PATCH /api/auth/me', { token: customer, body: { [field]: '\u0000' } })).status).toBe(400);
    expect((await call('GET /api/salons?text=%00')).status).toBe(400);
  });

  it('carry money as integers of minor units', async () => {
    for (const amount of ['115.5', '9007199254740993']) {
      const body = `{"name":{"ar":"قص","en":"Cut"},"price":{"amount":${amount},"currency":"SAR"}}`;
      const reply = await call(`POST /api/salons/${salonId}/services`, { token: manager, body });
      expect([reply.status, Object.keys(reply.body.errors)]).toEqual([400, ['price.amount']]);
    }
    const { services } = (await call(`GET /api/salons/${salonId}/services`)).body;
    expect(services[0].price).toEqual({ amount: expect.any(Number), currency: 'SAR' });
    expect(Number.isInteger(services[0].price.amount)).toBe(true);
  });

  it('are limited in size and type', async () => {
    const large = await call('POST /api/bookings', {
      token: customer,
      body: `{"customer_note":"${'a'.repeat(300_000)}"}`,
    });
    expect([large.status, large.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = await call('POST /api/bookings', { token: customer, body: 'a=b', headers });
    expect([form.status, form.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });
});

describe('lists', () => {
  it('come in pages whose tokens are signed and belong to their list', async () => {
    const first = await call('GET /api/salons?page_size=1');
    const token = encodeURIComponent(first.body.next_page_token);
    const second = await call(`GET /api/salons?page_size=1&page_token=${token}`);
    expect(second.body.salons[0].id).not.toBe(first.body.salons[0].id);
    expect((await call('GET /api/salons?page_size=5000')).body).toMatchObject({ next_page_token: '' });
    for (const line of [
      `GET /api/salons?page_size=1&page_token=${token}x`,
      `GET /api/salons?page_size=1&city=Riyadh&page_token=${token}`,
      `GET /api/bookings?page_token=${token}`,
      'GET /api/salons?page_size=-1',
    ]) {
      expect([line, (await call(line, { token: customer })).status]).toEqual([line, 400]);
    }
  });
});

describe('languages', () => {
  it('are that of the header, else of the person, else English; Content-Language tells', async () => {
    const line = 'POST /api/salons';
    const said = async (token: string | undefined, language?: string) => {
      const headers: Record<string, string> = language ? { 'accept-language': language } : {};
      const reply = await call(line, { body: {}, headers, ...(token ? { token } : {}) });
      return [reply.status, reply.headers.get('content-language'), reply.body.detail];
    };
    expect(await said(undefined)).toEqual([401, 'en', 'Sign in to continue.']);
    expect(await said(undefined, 'ar-SA,en;q=0.5')).toEqual([401, 'ar', 'يرجى تسجيل الدخول للمتابعة.']);
    // A Saudi number, and no preference.
    expect(await said(customer)).toEqual([403, 'ar', 'ليس لديك صلاحية للقيام بهذا الإجراء.']);
    expect(await said(customer, 'en')).toEqual([403, 'en', 'You are not allowed to do this.']);
    expect(await said(customer, 'fr')).toEqual([403, 'ar', 'ليس لديك صلاحية للقيام بهذا الإجراء.']);
  });
});

describe('writes', () => {
  it('with an Idempotency-Key have one effect and one answer', async () => {
    const body = newWish();
    const headers = { 'idempotency-key': randomUUID() };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => call('POST /api/bookings', { token: customer, body, headers })),
    );
    const made = replies.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(made.filter(({ headers: each }) => each.get('idempotency-replayed') === null)).toHaveLength(1);
    for (const other of replies.filter(({ status }) => status !== 201)) {
      expect([other.status, Number(other.headers.get('retry-after')) > 0]).toEqual([409, true]);
    }
    const changed = { ...body, customer_note: 'window seat' };
    const reused = await call('POST /api/bookings', { token: customer, body: changed, headers });
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    // Keys are a user's own.
    expect((await call('POST /api/bookings', { token: stranger, body: newWish(), headers })).status).toBe(201);
  });

  it('keep no key when they are refused', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = newWish();
    const refused = await call('POST /api/bookings', { token: customer, body: { ...body, items: [] }, headers });
    expect(refused.status).toBe(400);
    expect((await call('POST /api/bookings', { token: customer, body, headers })).status).toBe(201);
  });

  it('with a stale If-Match are answered 412, whatever the tag', async () => {
    const booking = await call('POST /api/bookings', { token: customer, body: newWish() });
    expect(booking.headers.get('etag')).toBe(`"${booking.body.etag}"`);
    const line = `POST /api/bookings/${booking.body.id}/cancel`;
    for (const tag of ['"v99"', 'W/"v99"', '""', '"a", "b"']) {
      const reply = await call(line, { token: customer, body: {}, headers: { 'if-match': tag } });
      expect([tag, reply.status, reply.body.code]).toEqual([tag, 412, 'STALE_ETAG']);
    }
    const headers = { 'if-match': booking.headers.get('etag') ?? '' };
    const cancelled = await call(line, { token: customer, body: {}, headers });
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    expect(cancelled.headers.get('etag')).not.toBe(booking.headers.get('etag'));
  });
});

describe('answers', () => {
  it('carry a request id, given or made, and the trace, which goes on from the client', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    for (const line of ['GET /api/salons', 'GET /api/nothing', 'GET /docs/errors/INTERNAL', 'PUT /api/salons']) {
      const given = await call(line, { headers: { 'x-request-id': 'ticket-7', traceparent } });
      expect([line, given.headers.get('x-request-id')]).toEqual([line, 'ticket-7']);
      expect(given.headers.get('traceresponse')).toContain(`00-${'a'.repeat(32)}-`);
      expect((await call(line)).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('to refusals are problems with every member, whose type resolves', async () => {
    const reply = await call('GET /api/bookings/not-an-id', { token: customer, headers: { 'accept-language': 'en' } });
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.body).toEqual({
      type: '/docs/errors/VALIDATION_FAILED',
      title: 'Validation failed',
      status: 400,
      detail: 'Some of the data is not valid. See the fields for details.',
      instance: '/api/bookings/not-an-id',
      code: 'VALIDATION_FAILED',
      metadata: {},
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: { booking_id: ['Must be a valid id (UUID).'] },
      booking_id: ['Must be a valid id (UUID).'],
    });
    expect((await call(`GET ${reply.body.type}`)).status).toBe(200);
    expect((await call('GET /docs/errors/NO_SUCH_CODE')).status).toBe(404);
  });

  it('to HEAD and OPTIONS work, and a wrong method is 405 with Allow', async () => {
    const [get, head] = [await call(`GET /api/salons/${salonId}`), await call(`HEAD /api/salons/${salonId}`)];
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', get.headers.get('etag')]);
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(get.text)));
    const allow = 'GET, HEAD, OPTIONS, POST';
    const [options, wrong] = [await call('OPTIONS /api/bookings'), await call('PUT /api/bookings')];
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    expect([wrong.status, wrong.headers.get('allow'), wrong.body.code]).toEqual([405, allow, 'METHOD_NOT_ALLOWED']);
  });

  it('may be read by listed origins only', async () => {
    const listed = await call('GET /api/salons', { headers: { origin: 'https://app.mawid.sa' } });
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.mawid.sa');
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    expect((await call('OPTIONS /api/bookings', { headers })).headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['/api/nothing', '/api//salons', '/api/salons/%zz', '/etc/passwd'])(
    'to %s are 404 problems',
    async (path) => {
      const reply = await call(`GET ${path}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'NOT_FOUND']);
    },
  );
});

describe('what belongs to others', () => {
  it('cannot be read, and is not known to exist', async () => {
    const { body } = await call('POST /api/bookings', { token: customer, body: newWish() });
    const lines = [`GET /api/bookings/${body.id}`, `POST /api/bookings/${body.id}/cancel`];
    for (const line of lines) {
      const rest = line.startsWith('POST') ? { body: {} } : {};
      expect([line, (await call(line, { token: stranger, ...rest })).status]).toEqual([line, 404]);
      expect([line, (await call(line, rest)).status]).toEqual([line, 401]);
    }
    const own = (await call('GET /api/bookings?page_size=100', { token: stranger })).body.bookings;
    expect(own.map(({ id }: { id: string }) => id)).not.toContain(body.id);
    expect((await call(`GET /api/bookings?salon_id=${salonId}`, { token: stranger })).status).toBe(403);
  });

  it('includes salons that are not published', async () => {
    const draft = {
      name: { ar: 'مسودة', en: 'Draft' },
      city: { ar: 'الرياض', en: 'Riyadh' },
      audience: 'everyone',
      time_zone: 'Asia/Riyadh',
      payment_policy: 'at_salon',
    };
    const { status, body } = await call('POST /api/salons', { token: manager, body: draft });
    expect([status, body.state]).toEqual([201, 'draft']);
    expect((await call(`GET /api/salons/${body.id}`, { token: manager })).status).toBe(200);
    for (const path of ['', '/services', '/staff', '/hours']) {
      expect((await call(`GET /api/salons/${body.id}${path}`, { token: stranger })).status).toBe(404);
      expect((await call(`GET /api/salons/${body.id}${path}`)).status).toBe(404);
    }
  });
});
