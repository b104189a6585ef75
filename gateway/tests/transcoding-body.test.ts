import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';
import { part, transcodingApi, unset } from './support/transcoding.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway({}, transcodingApi);
});
afterAll(() => api.close());

describe('a body fills', () => {
  it.each([
    ['POST /t/echo', { text: 'a', choice_text: 'b' }, { text: 'a', choice_text: 'b' }],
    ['PUT /t/methods', { text: 'a' }, { text: 'a' }],
    ['PATCH /t/methods', { text: 'a' }, { text: 'a' }],
    ['REPORT /t/methods', { text: 'a' }, { text: 'a' }],
    ['DELETE /t/methods/a', undefined, { text: 'a' }],
    ['POST /t/verbs:go', undefined, {}],
    ['POST /t/verbs/a:go', undefined, { text: 'a' }],
    ['POST /t/verbs/a:b:go/', undefined, { text: 'a:b' }],
    ['POST /t/body/part/p1?text=q', { name: 'other', size: 2 }, { text: 'q', part: { ...part, name: 'p1', size: 2 } }],
    ['POST /t/body/part/p1', undefined, { part: { ...part, name: 'p1' } }],
    ['POST /t/body/text', '"a"', { text: 'a' }],
    ['POST /t/body/number', '9007199254740991', { i64: 9007199254740991 }],
    ['POST /t/body/colour', '"dark_green"', { colour: 'dark_green' }],
    [
      'POST /t/body/parts',
      [{ name: 'a' }, { size: 1 }],
      {
        parts: [
          { ...part, name: 'a' },
          { ...part, size: 1 },
        ],
      },
    ],
    ['POST /t/body/labels', { a: 'b', __proto: 'c' }, { labels: { a: 'b', __proto: 'c' } }],
    ['POST /t/body/at', '"2026-11-22T18:30:00Z"', { at: '2026-11-22T18:30:00Z' }],
    ['POST /t/body/settings', { a: [1, null, { b: true }] }, { settings: { a: [1, null, { b: true }] } }],
    [
      'POST /t/body/packed',
      { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' },
      { packed: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' } },
    ],
    [
      'POST /t/body/packed',
      { '@type': 'type.googleapis.com/gateway.test.v1.Part', name: 'x' },
      { packed: { '@type': 'type.googleapis.com/gateway.test.v1.Part', ...part, name: 'x' } },
    ],
    ['POST /t/body/box', '0', { box_i64: 0 }],
    ['POST /t/body/choice/a', { name: 'n' }, { text: 'a', choice_part: { ...part, name: 'n' } }],
    [
      'POST /t/body/file/a?flag=true',
      'raw',
      { text: 'a', flag: true, file: { content_type: 'application/json', data: 'cmF3', extensions: [] } },
    ],
    ['POST /t/echo', { anything: null, list: [1, 'a'], packed: null }, { anything: null, list: [1, 'a'] }],
  ])('%s %j', async (line, body, expected) => {
    const reply = await request(api.url, line, { body });
    expect([reply.status, reply.json]).toEqual([200, { ...unset, ...expected }]);
  });

  it.each([
    ['POST /t/echo', { choice_text: 'a', choice_flag: true }, 'choice_flag'],
    ['POST /t/echo', { i32: '1x' }, 'i32'],
    ['POST /t/body/part/p1', { names: 'x' }, 'names'],
    ['POST /t/body/part/p1?part.size=1', {}, 'size'],
    ['POST /t/body/part/p1?part.name=b', {}, 'name'],
    ['POST /t/body/choice/a?choice_text=x', {}, 'choice_text'],
    ['POST /t/echo?text=a', {}, 'text'],
  ])('and %s %j is refused for %s', async (line, body, field) => {
    const reply = await request(api.url, line, { body });
    expect([reply.status, Object.keys(reply.json.errors)]).toEqual([400, [field]]);
  });

  it.each([
    ['{"title', '/t/body/part/p1'],
    ['{}', '/t/body/text'],
    ['"a"', '/t/body/number'],
    ['null', '/t/body/part/p1'],
    ['[1]', '/t/body/settings'],
  ])('and %s to %s is refused as a whole', async (body, path) => {
    expect(await request(api.url, `POST ${path}`, { body })).toMatchObject({
      status: 400,
      json: { code: 'MALFORMED_REQUEST' },
    });
  });
});

describe('an answer is', () => {
  it.each([
    ['text', { text: 'a"b' }, '"a\\"b"'],
    ['number', { i64: 7 }, '7'],
    ['colour', { colour: 'dark_green' }, '"dark_green"'],
    ['parts', { parts: [{ name: 'a' }] }, '[{"name":"a","size":0,"tags":[]}]'],
    ['parts', {}, '[]'],
    ['labels', { labels: { a: 'b' } }, '{"a":"b"}'],
    ['part', {}, 'null'],
    ['at', { at: '2026-11-22T18:30:00Z' }, '"2026-11-22T18:30:00Z"'],
  ])('the field %s', async (name, body, text) => {
    const reply = await request(api.url, `POST /t/answer/${name}`, { body });
    expect([reply.status, reply.headers.get('content-type'), reply.text]).toEqual([200, 'application/json', text]);
  });

  it('the bytes of an HttpBody field, with a type that can be told', async () => {
    for (const [type, told] of [
      ['image/png', 'image/png'],
      ['', 'application/octet-stream'],
      ['text/ملف', 'application/octet-stream'],
      ['a\r\nset-cookie: b', 'application/octet-stream'],
    ]) {
      const reply = await request(api.url, 'POST /t/answer/file', {
        body: { file: { content_type: type, data: 'cmF3' } },
      });
      expect([reply.status, reply.headers.get('content-type'), reply.text]).toEqual([200, told, 'raw']);
    }
    const none = await request(api.url, 'POST /t/answer/file', { body: {} });
    expect([none.status, none.text, none.headers.get('content-type')]).toEqual([200, '', null]);
  });
});

describe('a route of any method', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'REPORT', 'PURGE'])('takes %s', async (method) => {
    const reply = await request(api.url, `${method} /t/any/x`);
    expect([reply.status, reply.json.text]).toEqual([200, 'x']);
  });

  it('yields to a literal path, and to a route of the very method', async () => {
    expect((await request(api.url, 'GET /t/any/known')).json.text).toBe('known');
    const put = await request(api.url, 'PUT /t/any/known', { body: { name: 'n' } });
    expect(put.json).toMatchObject({ text: 'known', part: { name: 'n' } });
  });

  it('answers HEAD as GET, and leaves OPTIONS to the gateway', async () => {
    const head = await request(api.url, 'HEAD /t/any/x');
    expect([head.status, head.text]).toEqual([200, '']);
    const options = await request(api.url, 'OPTIONS /t/any/x');
    expect([options.status, options.headers.get('allow')]).toEqual([
      204,
      'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
    ]);
  });
});

describe('a PATCH without update_mask', () => {
  it.each([
    [{ size: 1 }, 'size'],
    [{ size: 1, tags: [] }, 'size,tags'],
    [{ at: null }, 'at'],
    [{ inner: { name: 'a', inner: { size: 1 } } }, 'inner.name,inner.inner.size'],
    [{ inner: {} }, 'inner'],
    [{ inner: null }, 'inner'],
    [{ at: '2026-11-22T18:30:00Z' }, 'at'],
    [{ name: 'p1', size: 1 }, 'size'],
    [{}, ''],
  ])('of %j changes what was sent', async (body, mask) => {
    expect((await request(api.url, 'PATCH /t/parts/p1', { body })).json.update_mask).toBe(mask);
  });

  it('is one with a mask where the query has it, and changes nothing without a body', async () => {
    const given = await request(api.url, 'PATCH /t/parts/p1?update_mask=size,at', { body: { size: 1 } });
    expect(given.json.update_mask).toBe('size,at');
    expect((await request(api.url, 'PATCH /t/parts/p1')).json.update_mask).toBeUndefined();
    expect((await request(api.url, 'PATCH /t/methods', { body: { text: 'a' } })).json.update_mask).toBeUndefined();
  });
});
