import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway();
});
afterAll(() => api.close());

describe('routes from google.api.http', () => {
  it('fill the message from path and body field, and answer the status the proto names', async () => {
    const body = { title: 'Dune', colour: 'dark_green', price: { amount: 11500, currency: 'SAR' } };
    const reply = await request(api.url, 'POST /api/shelves/s1/books?draft=true', { body });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toBe('application/json');
    expect(reply.headers.get('etag')).toBe('"v1"');
    expect(reply.headers.get('idempotency-replayed')).toBe('true');
    expect(reply.headers.get('x-inner-secret')).toBeNull();
    expect(reply.json).toEqual({
      book_id: '',
      title: 'Dune',
      colour: 'dark_green',
      price: { amount: 11500, currency: 'SAR' },
      etag: 'v1',
      shelf_id: 's1',
    });
  });

  it.each([
    ['GET /api/books/b1', 'b1', ''],
    ['GET /api/books/b1/', 'b1', ''],
    ['GET /api/shelves/s1/books/b1', 'b1', 's1'],
    ['GET /api/books/newest', 'newest', ''],
    ['GET /api/books/a%20b%2Fc', 'a b/c', ''],
    ['GET /api/books/%D9%85?shelf_id=x+y', 'م', 'x y'],
  ])('%s leads to the book %s of shelf "%s"', async (line, bookId, shelfId) => {
    const reply = await request(api.url, line);
    expect(reply).toMatchObject({ status: 200, json: { book_id: bookId, shelf_id: shelfId } });
  });

  it('take custom verbs, several segments and nested captures', async () => {
    expect((await request(api.url, 'POST /api/books/b1:archive', { body: { reason: 'old' } })).json).toMatchObject({
      book_id: 'b1',
      title: 'archived: old',
    });
    expect((await request(api.url, 'GET /api/files/folders/a/b%20c/d%2Fe:info')).json).toEqual({
      name: 'folders/a/b c/d%2Fe',
    });
    const patched = await request(api.url, 'PATCH /api/books/b7?update_mask=title,price.amount', {
      body: { title: 'T', book_id: 'other' },
    });
    expect(patched.json).toMatchObject({ book_id: 'b7', title: 'T', note: 'title,price.amount' });
  });

  it('answer 204 for an empty message and the field that response_body names', async () => {
    const deleted = await request(api.url, 'DELETE /api/books/b1');
    expect([deleted.status, deleted.text, deleted.headers.get('content-type')]).toEqual([204, '', null]);
    expect((await request(api.url, 'GET /api/titles')).json).toEqual(['One', 'Two']);
  });

  it('do actions without a body', async () => {
    expect((await request(api.url, 'POST /api/books/b1/cancel')).json).toMatchObject({ title: 'cancelled: ' });
    expect(
      (await request(api.url, 'POST /api/books/b1/cancel', { body: '', headers: { 'content-type': 'text/plain' } }))
        .status,
    ).toBe(200);
  });

  it('pass bytes through HttpBody both ways', async () => {
    const file = await request(api.url, 'GET /api/files/folders/a/b');
    expect([file.headers.get('content-type'), file.text]).toEqual(['text/csv', 'file,folders/a/b\n']);
    const hook = await request(api.url, 'POST /api/webhooks/moyasar', {
      body: '{not json',
      headers: { 'content-type': 'text/weird' },
    });
    expect(hook.json).toEqual({ provider: 'moyasar', content_type: 'text/weird', size: 9 });
    const packed = await request(api.url, 'POST /api/webhooks/moyasar', {
      body: 'packed',
      headers: { 'content-encoding': 'gzip' },
    });
    expect(packed.json).toMatchObject({ size: 6 });
    const upload = await request(api.url, 'POST /api/upload', {
      body: new Uint8Array([0, 255, 1]),
      headers: { 'content-type': 'image/png' },
    });
    expect([upload.headers.get('content-type'), upload.text.length]).toEqual(['image/png', 3]);
  });

  it('read query parameters of every kind', async () => {
    const query = [
      'page_size=20',
      'pageToken=x%26y',
      'service_ids=a&service_ids=b',
      'filter.colour=red',
      'filter.authors=A&filter.authors=B',
      'filter.not.not.colour=dark_green',
      'colours=red&colours=COLOUR_DARK_GREEN',
      'from=2026-11-22T21:30:00%2B03:00',
      'length=90s',
      'available=false',
      'min_amount=0',
      'near=24.7',
      'cursor=aGk',
      'shuffled=true',
      'fields=a,b',
    ].join('&');
    const reply = await request(api.url, `GET /api/books?${query}`);
    expect(reply.json.request).toEqual({
      page_size: 20,
      page_token: 'x&y',
      service_ids: ['a', 'b'],
      filter: {
        colour: 'red',
        authors: ['A', 'B'],
        not: { colour: 'unspecified', authors: [], not: { colour: 'dark_green', authors: [] } },
      },
      colours: ['red', 'dark_green'],
      from: '2026-11-22T18:30:00Z',
      length: '90s',
      available: false,
      min_amount: 0,
      near: 24.7,
      cursor: 'aGk=',
      shuffled: true,
      fields: 'a,b',
      labels: {},
      prices: [],
    });
  });

  it.each([
    ['nope=1', 'nope'],
    ['page_size=x', 'page_size'],
    ['page_size=', 'page_size'],
    ['page_size=1&page_size=2', 'page_size'],
    ['pageSize=1&page_size=2', 'page_size'],
    ['filter=x', 'filter'],
    ['filter.colour=blue', 'filter.colour'],
    ['filter.colour.x=1', 'filter.colour.x'],
    ['labels.a=b', 'labels.a'],
    ['prices=1', 'prices'],
    ['sort_by=a&shuffled=true', 'shuffled'],
    ['from=2026-11-22', 'from'],
    ['near=1e999', 'near'],
    ['page_token=%', 'page_token'],
    ['page_token=%ff', 'page_token'],
    [`${'filter.not.'.repeat(9)}colour=red`, `${'filter.not.'.repeat(9)}colour`],
    ['__proto__=1', '__proto__'],
    ['__proto__.x=1', '__proto__.x'],
  ])('refuse the query %s', async (query, field) => {
    const reply = await request(api.url, `GET /api/books?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.json.code).toBe('MALFORMED_REQUEST');
    // Long names are shortened.
    expect(Object.keys(reply.json.errors).map((name) => name.slice(0, 90))).toEqual([field.slice(0, 90)]);
  });

  it('refuse parameters that path or body fill, and ignore unknown ones only below /api/auth', async () => {
    expect((await request(api.url, 'GET /api/books/b1?book_id=b2')).status).toBe(400);
    expect((await request(api.url, 'POST /api/kinds?text=a', { body: {} })).status).toBe(400);
    expect((await request(api.url, 'POST /api/auth/kinds?text=a', { body: { nope: 1, text: 'b' } })).json.text).toBe(
      'b',
    );
  });

  it('tell an unknown path from a wrong method', async () => {
    for (const path of [
      '/',
      '/api',
      '/api/nope',
      '/api/books/b1/x/y',
      '/api//books',
      '/api/books/..',
      '/api/books/%2e%2e',
      '/api/books/%zz',
    ]) {
      expect((await request(api.url, `GET ${path}`)).json ?? { status: 404 }).toMatchObject({
        status: 404,
        code: 'NOT_FOUND',
      });
    }
    const wrong = await request(api.url, 'PUT /api/books/b1');
    expect([wrong.status, wrong.headers.get('allow'), wrong.json.code]).toEqual([
      405,
      'DELETE, GET, HEAD, OPTIONS, PATCH',
      'METHOD_NOT_ALLOWED',
    ]);
    expect((await request(api.url, 'PUT /api/books/stream')).headers.get('allow')).toBe(
      'DELETE, GET, HEAD, OPTIONS, PATCH',
    );
  });

  it('answer HEAD like GET without the body, and OPTIONS', async () => {
    const head = await request(api.url, 'HEAD /api/books/newest');
    expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', '"n1"']);
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(20);
    const options = await request(api.url, 'OPTIONS /api/titles');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });
});
