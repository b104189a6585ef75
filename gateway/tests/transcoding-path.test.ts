import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';
import { part, transcodingApi, unset } from './support/transcoding.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway({}, transcodingApi);
});
afterAll(() => api.close());

describe('a path fills', () => {
  it.each([
    // Every scalar kind.
    ['/t/texts/a%20b/aGk/red/true', { text: 'a b', raw: 'aGk=', colour: 'red', flag: true }],
    ['/t/texts/%D9%85/aGk=/COLOUR_DARK_GREEN/false', { text: 'م', raw: 'aGk=', colour: 'dark_green' }],
    ['/t/small/-2147483648/4294967295/-1/7/-7', { i32: -2147483648, u32: 4294967295, s32: -1, f32: 7, sf32: -7 }],
    [
      '/t/big/-9007199254740991/9007199254740991/-1/7/-7',
      { i64: -9007199254740991, u64: 9007199254740991, s64: -1, f64: 7, sf64: -7 },
    ],
    ['/t/real/-0.5/1e3', { real: -0.5, single: 1000 }],
    ['/t/real/NaN/-Infinity', { real: 'NaN', single: '-Infinity' }],
    // Well-known types.
    [
      '/t/times/2026-11-22T21:30:00%2B03:00/1.5s/text,part.name',
      { at: '2026-11-22T18:30:00Z', length: '1.500s', mask: 'text,part.name' },
    ],
    ['/t/boxes/x/0/false/2.5/aGk', { box_text: 'x', box_i64: 0, box_flag: false, box_real: 2.5, box_raw: 'aGk=' }],
    // Captures.
    ['/t/star/anything/b', { text: 'b' }],
    ['/t/two/shelves/s%201/m', { text: 'shelves/s 1', maybe: 'm' }],
    ['/t/two/shelves/a%2Fb/m%2Fn', { text: 'shelves/a%2Fb', maybe: 'm/n' }],
    ['/t/two/shelves/a%2fb/m', { text: 'shelves/a%2fb', maybe: 'm' }],
    ['/t/deep', {}],
    ['/t/deep/a/b/c', { text: 'a/b/c' }],
    ['/t/deep/a/b:run', { text: 'a/b' }],
    ['/t/deep/a/b%3Arun', { text: 'a/b:run' }],
    ['/t/deep/a/b:walk', { text: 'a/b:walk' }],
    // No verb can follow what names nothing; the whole is a name.
    ['/t/deep/%2e%2e:run', { text: '..:run' }],
    ['/t/deep/a/:run', { text: 'a/:run' }],
    ['/t/deep/%25/%3F', { text: '%/?' }],
    ['/t/dir/files/a', { text: 'files/a' }],
    ['/t/dir/files/a/b/c/', { text: 'files/a/b/c' }],
    ['/t/rest', {}],
    ['/t/rest/a/b', {}],
    ['/t/nested/n/7', { part: { ...part, name: 'n', inner: { ...part, size: 7 } } }],
    ['/t/choice/n', { choice_part: { ...part, name: 'n' } }],
    ['/t/l%C3%A9on', {}],
    ['/t/l%c3%a9on/', {}],
  ])('%s', async (path, expected) => {
    const reply = await request(api.url, `GET ${path}`);
    expect([reply.status, reply.json]).toEqual([200, { ...unset, ...expected }]);
  });

  it.each([
    ['/t/texts/a/a%21/red/true', 'raw'],
    ['/t/texts/a/aGk/blue/true', 'colour'],
    ['/t/texts/a/aGk/Red/true', 'colour'],
    ['/t/texts/a/aGk/1/true', 'colour'],
    ['/t/texts/a/aGk/red/1', 'flag'],
    ['/t/small/2147483648/0/0/0/0', 'i32'],
    ['/t/small/0/-1/0/0/0', 'u32'],
    ['/t/small/0/0/1.5/0/0', 's32'],
    ['/t/small/0/0/0/0x1/0', 'f32'],
    ['/t/small/0/0/0/0/+1', 'sf32'],
    ['/t/big/9007199254740992/0/0/0/0', 'i64'],
    ['/t/big/0/-1/0/0/0', 'u64'],
    ['/t/big/0/0/0/0/a', 'sf64'],
    ['/t/real/1e999/0', 'real'],
    ['/t/real/0/1e39', 'single'],
    ['/t/times/2026-11-22/1s/a', 'at'],
    ['/t/times/2026-11-22T21:30:00Z/1m/a', 'length'],
    ['/t/boxes/x/a/false/2.5/aGk', 'box_i64'],
    ['/t/nested/n/big', 'part.inner.size'],
  ])('and %s is refused for %s', async (path, field) => {
    const reply = await request(api.url, `GET ${path}`);
    expect([reply.status, reply.json.code, Object.keys(reply.json.errors)]).toEqual([
      400,
      'MALFORMED_REQUEST',
      [field],
    ]);
  });

  it.each([
    '/t/star/b',
    '/t/star//b',
    '/t/two/shelf/s1/m',
    '/t/two/shelves/s1',
    '/t/dir/files',
    '/t/deep//a',
    '/t/deep/a/..%2Fb',
    '/t/deep/a%2F..',
    '/t/deep/a/..%5cb',
    '/t/texts/..%2f..%2fetc/aGk/red/true',
    '/t/l%E9on',
    '/t',
    '/T/deep',
  ])('and %s is nothing', async (path) => {
    // fetch tidies paths; what is sent here goes out as it is.
    const status = await new Promise((resolve) => {
      get({ port: api.gateway.port, host: '127.0.0.1', path }, (reply) => resolve(reply.resume().statusCode));
    });
    expect(status).toBe(404);
  });
});

describe('a query fills', () => {
  it.each([
    ['i32=-1&u32=1&s32=-1&f32=1&sf32=-1', { i32: -1, u32: 1, s32: -1, f32: 1, sf32: -1 }],
    ['i64=-1&u64=1&s64=-1&f64=1&sf64=-1', { i64: -1, u64: 1, s64: -1, f64: 1, sf64: -1 }],
    ['real=1.5&single=-1e2&flag=true&raw=aGk%3D&text=', { real: 1.5, single: -100, flag: true, raw: 'aGk=' }],
    ['text=a+b%2Bc%26d%3De', { text: 'a b+c&d=e' }],
    ['text=a=b&&', { text: 'a=b' }],
    ['colour=dark_green', { colour: 'dark_green' }],
    ['colour=COLOUR_DARK_GREEN', { colour: 'dark_green' }],
    ['colours=red&colours=COLOUR_RED', { colours: ['red', 'red'] }],
    ['texts=a&texts=&texts=b', { texts: ['a', '', 'b'] }],
    ['numbers=1&numbers=2', { numbers: [1, 2] }],
    ['at=2026-11-22T18:30:00.5Z&length=-90s&mask=a,b', { at: '2026-11-22T18:30:00.500Z', length: '-90s', mask: 'a,b' }],
    ['times=2026-11-22T18:30:00Z&boxes=0', { times: ['2026-11-22T18:30:00Z'], boxes: [0] }],
    [
      'box_text=&boxI64=7&box_flag=true&box_real=0&box_raw=',
      { box_text: '', box_i64: 7, box_flag: true, box_real: 0, box_raw: '' },
    ],
    [
      'part.name=a&part.inner.tags=x&part.inner.tags=y',
      { part: { ...part, name: 'a', inner: { ...part, tags: ['x', 'y'] } } },
    ],
    ['choice_part.name=a&choice_part.size=2', { choice_part: { ...part, name: 'a', size: 2 } }],
    ['choice_flag=false', { choice_flag: false }],
    ['maybe=', { maybe: '' }],
    ['update_mask=text', { update_mask: 'text' }],
  ])('%s', async (query, expected) => {
    const reply = await request(api.url, `GET /t/echo?${query}`);
    expect([reply.status, reply.json]).toEqual([200, { ...unset, ...expected }]);
  });

  it.each([
    ['choice_text=a&choice_flag=true', 'choice_flag'],
    ['choice_text=a&choice_part.name=b', 'choice_part.name'],
    ['choice_part.name=b&choice_text=a', 'choice_text'],
    ['settings.a=1', 'settings.a'],
    ['anything=1', 'anything'],
    ['packed=1', 'packed'],
    ['labels=a', 'labels'],
    ['parts.name=a', 'parts.name'],
    ['part=a', 'part'],
    ['text.a=1', 'text.a'],
    ['part..name=1', 'part..name'],
    ['.text=1', '.text'],
    ['TEXT=1', 'TEXT'],
    ['=1', ''],
    ['text=a&text=b', 'text'],
    ['part.name=a&part.name=b', 'part.name'],
    ['box_text=a&boxText=b', 'box_text'],
    ['colour=', 'colour'],
    ['flag=TRUE', 'flag'],
    ['flag', 'flag'],
    ['i32=1 ', 'i32'],
    ['text=%C3', 'text'],
  ])('and %s is refused', async (query, field) => {
    const reply = await request(api.url, `GET /t/echo?${query.replaceAll(' ', '%20')}`);
    expect([reply.status, reply.json.code]).toEqual([400, 'MALFORMED_REQUEST']);
    if (field !== '') expect(Object.keys(reply.json.errors)).toEqual([field]);
  });
});
