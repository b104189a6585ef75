import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request, sendRaw } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway();
});
afterAll(() => api.close());

/** Query, the field that is named, its message in English and in Arabic. */
const unknown = ['Unknown query parameter.', 'معامل استعلام غير معروف.'] as const;
const encoding = ['Not valid percent-encoding.', 'ترميز الرابط غير صحيح.'] as const;
const repeated = ['Given more than once.', 'تم إرساله أكثر من مرة.'] as const;
const integer = ['Must be an integer.', 'يجب أن يكون عددًا صحيحًا.'] as const;
const time = [
  'Must be a time such as 2026-11-22T18:30:00Z.',
  'يجب أن يكون وقتًا بصيغة مثل 2026-11-22T18:30:00Z.',
] as const;
const small = ['Must be between -2147483648 and 2147483647.', 'يجب أن يكون بين -2147483648 و2147483647.'] as const;
const oneOf = ['Must be one of: red, dark_green.', 'يجب أن يكون إحدى القيم: red, dark_green.'] as const;
const large = ['The number is too large.', 'الرقم كبير جدًا.'] as const;

const wrong: [query: string, field: string, texts: readonly [string, string]][] = [
  ['nope=1', 'nope', unknown],
  ['nope', 'nope', unknown],
  ['pagesize=1', 'pagesize', unknown],
  ['service_ids[]=a', 'service_ids[]', unknown],
  ['service_ids%5B0%5D=a', 'service_ids[0]', unknown],
  ['filter=x', 'filter', unknown],
  ['filter.nope=x', 'filter.nope', unknown],
  ['filter.=x', 'filter.', unknown],
  ['.filter=x', '.filter', unknown],
  ['page_size.a=1', 'page_size.a', unknown],
  ['labels=a', 'labels', unknown],
  ['labels.a=b', 'labels.a', unknown],
  ['prices.amount=1', 'prices.amount', unknown],
  ['from.seconds=1', 'from.seconds', unknown],
  ['__proto__=1', '__proto__', unknown],
  ['__proto__.a=1', '__proto__.a', unknown],
  ['constructor.prototype.a=1', 'constructor.prototype.a', unknown],
  [`${'filter.not.'.repeat(20)}authors=a`, `${'filter.not.'.repeat(20)}`.slice(0, 100).concat('…'), unknown],
  [`${'k'.repeat(5_000)}=1`, `${'k'.repeat(100)}…`, unknown],
  ['%D8%A7%D8%B3%D9%85=1', 'اسم', unknown],
  ['page_token=%', 'page_token', encoding],
  ['page_token=%zz', 'page_token', encoding],
  ['page_token=%4', 'page_token', encoding],
  ['page_token=%ff', 'page_token', encoding],
  ['page_token=%c0%af', 'page_token', encoding],
  ['page_token=%ed%a0%80', 'page_token', encoding],
  ['%zz=1', '%zz', encoding],
  ['page_size=1&page_size=1', 'page_size', repeated],
  ['page_size=1&pageSize=1', 'page_size', repeated],
  ['page_size=a', 'page_size', integer],
  ['page_size=', 'page_size', integer],
  ['page_size', 'page_size', integer],
  ['page_size=1.5', 'page_size', integer],
  ['page_size=0x10', 'page_size', integer],
  ['page_size=01', 'page_size', integer],
  ['page_size=%2B1', 'page_size', integer],
  ['page_size=+1', 'page_size', integer],
  ['page_size=1%00', 'page_size', integer],
  ['page_size=%D9%A1', 'page_size', integer],
  ['page_size=NaN', 'page_size', integer],
  ['page_size=2147483648', 'page_size', small],
  ['page_size=1e400', 'page_size', large],
  [
    'min_amount=9007199254740993',
    'min_amount',
    ['Must be between -9007199254740991 and 9007199254740991.', 'يجب أن يكون بين -9007199254740991 و9007199254740991.'],
  ],
  ['near=1e999', 'near', large],
  ['near=nan', 'near', ['Must be a number.', 'يجب أن يكون رقمًا.']],
  ['available=1', 'available', ['Must be true or false.', 'يجب أن يكون true أو false.']],
  ['available=TRUE', 'available', ['Must be true or false.', 'يجب أن يكون true أو false.']],
  ['colours=red&colours=blue', 'colours', oneOf],
  ['colours=red,dark_green', 'colours', oneOf],
  ['colours=constructor', 'colours', oneOf],
  ['from=2026-02-30T00:00:00Z', 'from', time],
  ['from=2026-11-22T18:30:00+03:00', 'from', time],
  ['from=2026-11-22', 'from', time],
  ['from=10000-01-01T00:00:00Z', 'from', time],
  ['length=1m', 'length', ['Must be a duration in seconds such as 90s.', 'يجب أن تكون مدة بالثواني مثل 90s.']],
  ['fields=a,,b', 'fields', ['Must be field names separated by commas.', 'يجب أن تكون أسماء حقول مفصولة بفواصل.']],
  ['cursor=%3D%3D%3D', 'cursor', ['Must be a base64 string.', 'يجب أن يكون نصًا بترميز base64.']],
  [
    'sort_by=a&shuffled=true',
    'shuffled',
    ['Only one field of "order" may be given.', 'يُسمح بحقل واحد فقط من "order".'],
  ],
];

describe('a query that is wrong', () => {
  it.each(wrong)('is refused under the parameter, in both languages: %s', async (query, field, [en, ar]) => {
    for (const [language, text] of Object.entries({ en, ar })) {
      const headers = { 'accept-language': language };
      const reply = await request(api.url, `GET /api/books?${query}`, { headers });
      expect([query, reply.status, reply.headers.get('content-language')]).toEqual([query, 400, language]);
      expect(reply.json).toMatchObject({ code: 'MALFORMED_REQUEST', errors: { [field]: [text] } });
    }
  });

  it('is refused as a whole where a parameter has no name', async () => {
    for (const query of ['=1', '=', '%3D', '&=&']) {
      const reply = await request(api.url, `GET /api/books?${query}`);
      expect([query, reply.status]).toEqual([query, 400]);
    }
  });

  it('is refused however many parameters it has', async () => {
    const query = 'a&'.repeat(7_000);
    expect((await request(api.url, `GET /api/books?${query}`)).status).toBe(400);
    const same = 'page_size=1&'.repeat(1_000);
    expect((await request(api.url, `GET /api/books?${same}`)).json.errors).toEqual({
      page_size: ['Given more than once.'],
    });
    expect((await request(api.url, `GET /api/books?${'a=1&'.repeat(10_000)}`)).status).toBe(431);
  });
});

describe('a query that is odd, but right', () => {
  it.each([
    ['', {}],
    ['&&&', {}],
    ['page_size=-0', { page_size: 0 }],
    ['page_size=1e1&pageToken=a+b%2B', { page_size: 10, page_token: 'a b+' }],
    ['page_token=a=b=c', { page_token: 'a=b=c' }],
    ['page_token=a?b/c', { page_token: 'a?b/c' }],
    ['page_token=%F0%9F%98%80%E2%80%A8', { page_token: '😀\u2028' }],
    ['page%5Fsize=3', { page_size: 3 }],
    [`service_ids=a&${'serviceIds=b&'.repeat(500)}`, { service_ids: ['a', ...Array.from({ length: 500 }, () => 'b')] }],
    ['colours=red&colours=COLOUR_DARK_GREEN', { colours: ['red', 'dark_green'] }],
    ['from=9999-12-31T23:59:59.999999999Z&near=-0', { from: '9999-12-31T23:59:59.999999999Z', near: -0 }],
  ])('is read: %s', async (query, expected) => {
    const reply = await request(api.url, `GET /api/books?${query}`);
    expect(reply.json.request).toMatchObject(expected);
  });
});

describe('a path that is wrong', () => {
  it.each([
    '/api/books/%',
    '/api/books/%zz',
    '/api/books/%ff',
    '/api/books/%c0%ae%c0%ae',
    '/api/books/%ed%a0%80',
    '/api/books/..',
    '/api/books/%2e%2e',
    '/api/books/%2e%2e%2f%2e%2e%2fetc',
    '/api/books//',
    '/api/files/folders/../secret',
    '/api/files/folders/a/%2e%2e/b',
    '/api/files/folders/a/..%2Fb',
    '/api/files/folders/a/..%5cb',
  ])('names nothing: %s', async (path) => {
    // fetch would resolve the dots itself.
    const answer = await sendRaw(api.gateway.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 .*"code":"NOT_FOUND"/s);
  });

  it.each([
    ['/api/books/%00', '\u0000'],
    ['/api/books/a%2Fb', 'a/b'],
    ['/api/books/a+b', 'a+b'],
    ['/api/books/%D8%AD', 'ح'],
    ['/api/books/__proto__', '__proto__'],
    ['/api/books/a%0d%0aX-A:1', 'a\r\nX-A:1'],
  ])('or odd is what its service decides on: %s', async (path, id) => {
    expect((await request(api.url, `GET ${path}`)).json.book_id).toBe(id);
  });
});
