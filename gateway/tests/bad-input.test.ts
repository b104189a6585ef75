import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { request, sendRaw } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway();
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };

function rawPost(headers: string, body: Buffer | string = ''): Promise<string> {
  const head = `POST /api/kinds HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${headers}\r\n\r\n`;
  return sendRaw(api.gateway.port, Buffer.concat([Buffer.from(head), Buffer.from(body)]));
}

describe('bodies', () => {
  it.each([
    ['{"text":', { code: 'MALFORMED_REQUEST', text: ['Not valid JSON.'] }],
    ['not json', { code: 'MALFORMED_REQUEST', metadata: { rule: 'json.syntax', position: '0' } }],
    ['{"tetx":"a"}', { tetx: ['Unknown field.'], errors: { tetx: ['Unknown field.'] } }],
    ['{"price":{"amount":1.5}}', { 'price.amount': ['Must be an integer.'] }],
    ['{"big":9007199254740993}', { big: ['Must be between -9007199254740991 and 9007199254740991.'] }],
    ['{"colour":"blue"}', { colour: ['Must be one of: red, dark_green.'] }],
    ['{"text":"\\ud800"}', { text: ['Contains half of a Unicode surrogate pair.'] }],
    ['{"a":1,"a":2}', { a: ['Given more than once.'] }],
    ['{"__proto__":{"text":"x"}}', { code: 'MALFORMED_REQUEST' }],
  ])('%s is refused with 400', async (body, expected) => {
    const reply = await request(api.url, 'POST /api/kinds', { body, headers: json });
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.json).toMatchObject(expected);
  });

  it.each([
    ['{"prices":[{},{"amount":"x"}]}', 'prices[1].amount', 'يجب أن يكون عددًا صحيحًا.'],
    ['{"colour":"blue"}', 'colour', 'يجب أن يكون إحدى القيم: red, dark_green.'],
    ['{"child":{"tetx":1}}', 'child.tetx', 'حقل غير معروف.'],
    ['{"text":"a","text":"b"}', 'text', 'تم إرساله أكثر من مرة.'],
    ['{"settings":{"__proto__":1}}', 'settings.__proto__', 'هذا الاسم غير مسموح به.'],
    ['{"start_at":"2026-02-30T00:00:00Z"}', 'start_at', 'يجب أن يكون وقتًا بصيغة مثل 2026-11-22T18:30:00Z.'],
    ['{"real":1e400}', 'real', 'الرقم كبير جدًا.'],
  ])('%s is refused in Arabic under the field, strictly and leniently', async (body, field, text) => {
    const headers = { ...json, 'accept-language': 'ar' };
    const isUnknown = field === 'child.tetx';
    for (const path of ['/api/kinds', ...(isUnknown ? [] : ['/api/auth/kinds'])]) {
      const reply = await request(api.url, `POST ${path}`, { body, headers });
      expect([reply.status, reply.headers.get('content-language')]).toEqual([400, 'ar']);
      expect(reply.json).toMatchObject({ code: 'MALFORMED_REQUEST', errors: { [field]: [text] } });
    }
  });

  it('that are not UTF-8 are refused with 400', async () => {
    const body = new Uint8Array([0x7b, 0x22, 0x61, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const reply = await request(api.url, 'POST /api/kinds', { body, headers: json });
    expect([reply.status, reply.json.metadata.rule]).toEqual([400, 'json.utf8']);
  });

  it('nested too deeply are refused with 400', async () => {
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await request(api.url, 'POST /api/kinds', { body, headers: json })).status).toBe(400);
  });

  it('of other content types are refused with 415, also compressed ones', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      'application/jsonp',
      '',
    ]) {
      const reply = await request(api.url, 'POST /api/kinds', { body: '{}', headers: { 'content-type': type } });
      expect([type, reply.status, reply.json.code]).toEqual([type, 415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
    const gzip = await request(api.url, 'POST /api/kinds', {
      body: '{}',
      headers: { ...json, 'content-encoding': 'gzip' },
    });
    expect(gzip.status).toBe(415);
    const utf8 = await request(api.url, 'POST /api/kinds', {
      body: '{}',
      headers: { 'content-type': 'Application/JSON; charset="UTF-8"' },
    });
    expect(utf8.status).toBe(200);
  });

  it('of 256 KiB pass, larger ones are refused with 413 whether announced or not', async () => {
    const fits = `{"text":"${'a'.repeat(262_144 - 400)}"}`;
    const small = await request(api.url, 'POST /api/kinds', { body: fits, headers: json });
    expect(small.status).toBe(200);
    const large = await request(api.url, 'POST /api/kinds', {
      body: `{"text":"${'a'.repeat(262_144)}"}`,
      headers: json,
    });
    expect([large.status, large.json.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const hook = await request(api.url, 'POST /api/webhooks/x', { body: 'a'.repeat(262_145) });
    expect(hook.status).toBe(413);
    const tight = await request(api.url, 'POST /api/webhooks/x', { body: 'a'.repeat(262_140) });
    expect(tight.status).toBe(413);
    const numbers = await request(api.url, 'POST /api/kinds', {
      body: `{"reals":[${'1,'.repeat(60_000)}1]}`,
      headers: json,
    });
    expect(numbers.status).toBe(413);
    expect(await rawPost('Content-Length: 99999999')).toContain('413 Payload Too Large');
    const chunk = Buffer.from(`${(300_000).toString(16)}\r\n${'a'.repeat(300_000)}\r\n0\r\n\r\n`);
    expect(await rawPost('Transfer-Encoding: chunked', chunk)).toContain('413 Payload Too Large');
  });
});

describe('requests that are no good HTTP', () => {
  it.each([
    ['GARBAGE\r\n\r\n', '400'],
    ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n', '400'],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Flood: ${'a'.repeat(20_000)}\r\n\r\n`, '431'],
    ['POST /api/kinds HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', '400'],
    ['GET /%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
    ['GET http://evil.example/api/titles HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '200'],
    ['OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404'],
    ['TRACE /api/titles HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '405'],
  ])('%j is answered %s', async (text, status) => {
    expect(await sendRaw(api.gateway.port, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('are told so by a whole problem', async () => {
    const answer = await sendRaw(api.gateway.port, 'GARBAGE\r\n\r\n');
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^x-request-id: [0-9a-f-]{36}\r?$/im);
    expect(head).toMatch(/^content-language: en\r?$/im);
    const problem = JSON.parse(body);
    expect(problem).toMatchObject({
      status: 400,
      code: 'MALFORMED_REQUEST',
      detail: 'The request could not be read.',
      metadata: {},
    });
    expect((await request(api.url, `GET ${problem.type}`)).status).toBe(200);
  });

  it('leave the gateway alive when they stop half way', async () => {
    const { connect } = await import('node:net');
    const socket = connect(api.gateway.port, '127.0.0.1');
    socket.write(
      'POST /api/kinds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"te',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await request(api.url, 'GET /api/titles')).status).toBe(200);
  });
});

const fields = [
  'text',
  'small',
  'big',
  'colour',
  'price',
  'tags',
  'counts',
  'by_number',
  'start_at',
  'length',
  'mask',
  'settings',
  'anything',
  'list',
  'packed',
  'child',
  'boxed_raw',
  'raw',
  'boxes',
  'times',
  'deposit',
  'email_address',
  'nobody',
  '__proto__',
  'otherName',
  'real',
  'nothing',
];
const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.maxSafeInteger(),
    fc.constantFrom(
      null,
      '2026-11-22T18:30:00Z',
      '3s',
      'red',
      '9999-12-31T23:59:59-23:59',
      '0001-01-01T00:00:00Z',
      'aGk=',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.constantFrom(...fields, '@type', 'amount', 'value'), tie('value'), { maxKeys: 5 }),
}));

describe('generated requests', () => {
  it('never get an answer of 5xx, whatever the body', async () => {
    const text = fc.oneof(
      anyValue.object.map((value) => JSON.stringify(value)),
      fc
        .tuple(fc.constantFrom(...fields), anyValue.value)
        .map(([name, value]) => `{"${name}":${JSON.stringify(value) ?? 'null'}}`),
      fc.string({ unit: 'binary' }),
      fc.json().chain((valid) => fc.nat(valid.length).map((end) => valid.slice(0, end))),
    );
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.constantFrom('/api/kinds', '/api/auth/kinds', '/api/shelves/x/books', '/api/wait'),
        async (body, path) => {
          const reply = await request(api.url, `POST ${path}`, { body, headers: json });
          expect(reply.status).toBeLessThan(500);
          expect(reply.status === 204 || reply.json !== undefined).toBe(true);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('never get an answer of 5xx, whatever the path and query', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
      fc.stringMatching(/^[!-"$-~]{0,12}$/),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 4 }),
        fc.array(fc.tuple(part, part), { maxLength: 3 }),
        async (segments, pairs) => {
          const query = pairs.map((pair) => pair.join('=')).join('&');
          const path = `/api/books/${segments.join('/')}?${query}`.replaceAll(' ', '');
          const answer = await sendRaw(
            api.gateway.port,
            `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
          );
          expect(answer).toMatch(/^HTTP\/1\.1 [24]\d\d /);
        },
      ),
      { numRuns: 300 },
    );
  });
});
