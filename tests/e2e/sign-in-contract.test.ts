import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, createCustomer, waitFor } from '@mawid/dev-stack';
import { newPhone, startCheckedStack, type TestStack } from './test-stack.ts';

// Every row of the sign-in contract that old clients rely on, to the letter, through REST.
let stack: TestStack;

beforeAll(async () => {
  stack = await startCheckedStack();
}, 120_000);

afterAll(() => stack?.close());

const noNumber = {
  en: 'Phone number must be in E.164 format or a valid Saudi mobile',
  ar: 'يجب أن يكون رقم الهاتف بصيغة E.164 أو رقم جوال سعودي صالح',
};

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(new URL(path, stack.urls.gateway), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
}

const request = (body: object, headers = {}) => post('/api/auth/phone/request/', body, headers);
const verify = (body: object, headers = {}) => post('/api/auth/phone/verify/', body, headers);

async function codeFor(phone: string): Promise<string> {
  const customer = createCustomer(stack.urls, phone);
  return waitFor(customer.messages, (all) => all.find((it) => it.code !== undefined)?.code);
}

async function signIn(phone: string) {
  const { body } = await request({ phone_number: phone });
  return verify({ request_id: body.request_id, code: await codeFor(phone) });
}

describe('POST /api/auth/phone/request/', () => {
  it('answers 201 with the request, the same for new and known phones', async () => {
    const fresh = await request({ phone_number: newPhone() });
    const known = await request({ phone_number: accounts.customer.phoneNumber, channel: 'whatsapp' });
    for (const answer of [fresh, known]) {
      expect(answer.status).toBe(201);
      expect(Object.keys(answer.body).sort()).toEqual(['channel', 'expires_at', 'request_id', 'resend_after_seconds']);
      expect(answer.body.resend_after_seconds).toBe(60);
    }
    expect([fresh.body.channel, known.body.channel]).toEqual(['sms', 'whatsapp']);
  });

  it.each([
    '0551239001',
    '551239002',
    '966551239003',
    '00966551239004',
    '+966 55 123 9005',
    '٠٥٥١٢٣٩٠٠٦',
    '055-123-9007',
  ])('takes the spelling %s', async (spelling) => {
    expect((await request({ phone_number: spelling })).status).toBe(201);
  });

  it.each([
    [undefined, noNumber.en],
    ['ar-sa', noNumber.ar],
  ])('refuses what is no number (Accept-Language %s)', async (language, text) => {
    const answer = await request({ phone_number: '12' }, language ? { 'accept-language': language } : {});
    expect(answer.status).toBe(400);
    expect(answer.body.phone_number).toEqual([text]);
    expect(answer.body.errors).toEqual({ phone_number: [text] });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('content-language')).toBe(language ? 'ar' : 'en');
  });

  it.each(['', '+966 1', '0512', 'abc', '+9665123456789012345', '5'.repeat(500)])(
    'calls %s no number',
    async (text) => {
      const answer = await request({ phone_number: text });
      const expected = text === '' ? 'This field is required.' : noNumber.en;
      expect([answer.status, answer.body.phone_number]).toEqual([400, [expected]]);
    },
  );

  it('refuses the e-mail of another user, with a detail', async () => {
    const email = 'taken@example.com';
    const phone = newPhone();
    const { body } = await request({ phone_number: phone, email });
    expect((await verify({ request_id: body.request_id, code: await codeFor(phone) })).status).toBe(200);
    const answer = await request({ phone_number: newPhone(), email });
    expect([answer.status, typeof answer.body.detail]).toEqual([400, 'string']);
  });

  it('answers 429 within the cooldown, with detail, retry_after_seconds and Retry-After', async () => {
    const phone = newPhone();
    await request({ phone_number: phone });
    const answer = await request({ phone_number: phone });
    expect(answer.status).toBe(429);
    expect(answer.body.retry_after_seconds).toBeGreaterThan(0);
    expect(answer.body.detail).toContain(String(answer.body.retry_after_seconds));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('ignores fields it does not know, as the old backend did', async () => {
    expect((await request({ phone_number: newPhone(), app_version: '1.2' })).status).toBe(201);
  });

  it('works without the trailing slash', async () => {
    expect((await post('/api/auth/phone/request', { phone_number: newPhone() })).status).toBe(201);
  });
});

describe('POST /api/auth/phone/verify/', () => {
  it('answers tokens and the user, who is verified from then on', async () => {
    const phone = newPhone();
    const answer = await signIn(phone);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(['access', 'expires_in', 'refresh', 'user']);
    expect(answer.body.user).toEqual({
      id: expect.any(String),
      phone_number: phone,
      email: '',
      role: 'customer',
      first_name: '',
      last_name: '',
      display_name: expect.any(String),
      preferred_language: expect.any(String),
      is_phone_verified: true,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it.each([
    ['en', 'Invalid or expired code'],
    ['ar', 'الرمز غير صحيح أو منتهي الصلاحية'],
  ])('says the same of a wrong, an unknown and a used code (%s)', async (language, detail) => {
    const phone = newPhone();
    const { body } = await request({ phone_number: phone });
    const code = await codeFor(phone);
    const wrong = code === '000000' ? '111111' : '000000';
    const headers = { 'accept-language': language };
    const answers = [await verify({ request_id: body.request_id, code: wrong }, headers)];
    answers.push(await verify({ request_id: 'nope', code }, headers));
    answers.push(await verify({ request_id: 'x'.repeat(500), code }, headers));
    answers.push(await verify({ request_id: body.request_id, code: '1'.repeat(500) }, headers));
    expect((await verify({ request_id: body.request_id, code }, headers)).status).toBe(200);
    answers.push(await verify({ request_id: body.request_id, code }, headers));
    for (const answer of answers) expect([answer.status, answer.body.detail]).toEqual([400, detail]);
  });

  it('lets one of 50 parallel tries with the right code in', async () => {
    const phone = newPhone();
    const { body } = await request({ phone_number: phone });
    const proof = { request_id: body.request_id, code: await codeFor(phone) };
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify(proof)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(49).fill(400)]);
  });

  it('takes no code after five wrong ones, however many come at once', async () => {
    const phone = newPhone();
    const { body } = await request({ phone_number: phone });
    const code = await codeFor(phone);
    const guesses = Array.from({ length: 50 }, (_, n) => String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0'));
    const answers = await Promise.all(guesses.map((guess) => verify({ request_id: body.request_id, code: guess })));
    answers.push(await verify({ request_id: body.request_id, code }));
    for (const answer of answers) expect([answer.status, answer.body.detail]).toEqual([400, 'Invalid or expired code']);
  });

  it('refuses a code that was asked for to verify a number only, and the other way round', async () => {
    const phone = newPhone();
    const { body } = await post('/api/auth/otp/request/', { phone_number: phone });
    const code = await codeFor(phone);
    expect((await verify({ request_id: body.request_id, code })).body.detail).toBe('Invalid or expired code');
    const verified = await post('/api/auth/otp/verify/', { request_id: body.request_id, code });
    expect([verified.status, verified.body]).toEqual([200, { verified: true, phone_number: phone }]);
  });
});

describe('old clients', () => {
  it('may send a number where the contract has digits as text', async () => {
    const answer = await request({ phone_number: 966551239008 });
    expect(answer.status).toBe(201);
    const wrong = await verify({ request_id: answer.body.request_id, code: 123 });
    expect([wrong.status, wrong.body.detail]).toEqual([400, 'Invalid or expired code']);
  });
});

describe('POST /api/auth/token/refresh/', () => {
  it('answers a new pair', async () => {
    const { body } = await signIn(newPhone());
    const answer = await post('/api/auth/token/refresh/', { refresh: body.refresh });
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body).sort()).toEqual(['access', 'expires_in', 'refresh']);
    expect(answer.body.refresh).not.toBe(body.refresh);
  });

  it.each([
    ['en', 'Token is invalid or expired'],
    ['ar', 'الجلسة غير صالحة أو منتهية'],
  ])('answers 401 with a detail to a bad one, an access token among them (%s)', async (language, detail) => {
    const { body } = await signIn(newPhone());
    for (const refresh of ['nothing', body.access, 'x'.repeat(2_000)]) {
      const answer = await post('/api/auth/token/refresh/', { refresh }, { 'accept-language': language });
      expect([answer.status, answer.body.detail]).toEqual([401, detail]);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });
});

describe('POST /api/auth/token/', () => {
  it.each([['{"username":"a","password":"b"}'], ['not json'], ['{}']])('answers 410 to %s', async (body) => {
    const answer = await post('/api/auth/token/', body);
    expect(answer.status).toBe(410);
    expect(answer.body.detail).toBe(
      'Password login is deprecated. Use /api/auth/phone/request/ then /api/auth/phone/verify/.',
    );
  });
});

describe('POST /api/auth/token/, whatever its encoding', () => {
  it.each([
    ['en', 'Password login is deprecated. Use /api/auth/phone/request/ then /api/auth/phone/verify/.'],
    ['ar', 'تم إيقاف تسجيل الدخول بكلمة المرور. استخدم /api/auth/phone/request/ ثم /api/auth/phone/verify/.'],
  ])('answers 410 (%s)', async (language, detail) => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip', 'accept-language': language };
    const answer = await post('/api/auth/token/', 'x', headers);
    expect([answer.status, answer.body.detail]).toEqual([410, detail]);
  });
});

describe('POST /api/auth/register/', () => {
  it('makes a provisional user and throws a password away', async () => {
    const phone = newPhone();
    const answer = await post('/api/auth/register/', { phone_number: phone, first_name: 'Lama', password: 'secret-1' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ phone_number: phone, first_name: 'Lama', is_phone_verified: false });
    expect(answer.body).not.toHaveProperty('access');
  });

  it('asks for the phone number', async () => {
    const answer = await post('/api/auth/register/', { first_name: 'Lama' });
    expect(answer.status).toBe(400);
    expect(answer.body.phone_number).toEqual([expect.any(String)]);
  });
});

describe('GET and PATCH /api/auth/me/', () => {
  it('reads and changes the own user, and needs a token', async () => {
    const { body } = await signIn(newPhone());
    const headers = { authorization: `Bearer ${body.access}`, 'content-type': 'application/json' };
    const url = new URL('/api/auth/me/', stack.urls.gateway);
    const me = await (await fetch(url, { headers })).json();
    expect(me).toEqual(body.user);
    const patch = { method: 'PATCH', headers, body: JSON.stringify({ first_name: 'نورة', last_name: 'الحربي' }) };
    expect(await (await fetch(url, patch)).json()).toMatchObject({ display_name: 'نورة الحربي' });
    const anonymous = await fetch(url);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringContaining('Bearer'),
    ]);
  });
});

describe('what nobody may read in a log', () => {
  it('keeps codes, tokens and phone numbers out of every log', async () => {
    const { readdir, readFile } = await import('node:fs/promises');
    const phone = newPhone();
    const { body } = await request({ phone_number: phone });
    const code = await codeFor(phone);
    const tokens = (await verify({ request_id: body.request_id, code })).body;
    const folder = `${stack.dataFolder}/logs`;
    const names = (await readdir(folder)).filter((name) => !/^(moyasar|messages|postgres|nats)/.test(name));
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) {
      const text = await readFile(`${folder}/${name}`, 'utf8');
      for (const secret of [phone, phone.slice(1), String(tokens.access), String(tokens.refresh)]) {
        expect([name, text.includes(secret)]).toEqual([name, false]);
      }
      expect([name, new RegExp(`\\b${code}\\b`).test(text)]).toEqual([name, false]);
    }
  });
});
