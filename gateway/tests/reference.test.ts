import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessRuleOf, errorReasons, restOptionsOf, services } from '@mawid/contracts';
import { parse } from 'yaml';
import { createReference, type Reference } from '../src/reference/reference.ts';
import { createSystemRoutes } from '../src/system/system-routes.ts';
import { request } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;
const get = (path: string, headers: Record<string, string> = {}) => request(api.url, `GET ${path}`, { headers });

beforeAll(async () => {
  api = await startTestGateway({ PUBLIC_URL: 'https://api.mawid.sa' });
});

afterAll(() => api?.close());

describe('/openapi.json and /openapi.yaml', () => {
  it('describe the routes that this gateway serves', async () => {
    const json = await get('/openapi.json');
    expect([json.status, json.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(json.json).toMatchObject({ openapi: '3.1.1', servers: [{ url: 'https://api.mawid.sa' }] });
    expect(Object.keys(json.json.paths)).toContain('/api/books/{book_id}');
    const yaml = await get('/openapi.yaml/');
    expect([yaml.status, yaml.headers.get('content-type')]).toEqual([200, 'application/yaml']);
    expect(parse(yaml.text)).toEqual(json.json);
  });

  it('are not sent again to those who have them', async () => {
    const etag = (await get('/openapi.json')).headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const reply = await get('/openapi.json', { 'if-none-match': known });
      expect([known, reply.status, reply.text, reply.headers.get('etag')]).toEqual([known, 304, '', etag]);
    }
    expect((await get('/openapi.json', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('answer HEAD, and refuse to be written', async () => {
    const head = await request(api.url, 'HEAD /openapi.json');
    expect([head.status, head.text, Number(head.headers.get('content-length')) > 1_000]).toEqual([200, '', true]);
    expect((await request(api.url, 'POST /openapi.json')).status).toBe(405);
  });
});

describe('/docs', () => {
  it('loads all that it needs from here, and may load nothing else', async () => {
    const page = await get('/docs');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const wanted = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(wanted).toEqual(expect.arrayContaining(['/docs/swagger-ui-bundle.js', '/docs/docs.js', '/openapi.json']));
    for (const path of wanted) expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect(page.text).not.toMatch(/<script>|<style>|style="|onload=/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).toContain("connect-src 'self' https://api.mawid.sa");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|\*/);
  });

  it('shows no closed padlock before anybody has signed in', async () => {
    type Selector = (requirements: readonly { isEmpty(): boolean }[]) => unknown;
    type Settings = { plugins: { statePlugins: { auth: { wrapSelectors: { isAuthorized: WrapSelector } } } }[] };
    type WrapSelector = (isAuthorized: Selector) => (state: unknown, ...rest: Parameters<Selector>) => unknown;
    const started: Settings[] = [];
    const page = { SwaggerUIBundle: (settings: Settings) => started.push(settings), window: {} };
    runInNewContext((await get('/docs/docs.js')).text, page);
    const wrap = started[0]?.plugins[0]?.statePlugins.auth.wrapSelectors.isAuthorized;
    const nobody = { isEmpty: () => true };
    const token = { isEmpty: () => false };
    expect(wrap?.((requirements) => requirements)({}, [nobody, token])).toEqual([token]);
  });

  it('asks no validator about the document', async () => {
    expect((await get('/docs/docs.js')).text).toContain('validatorUrl: null');
  });

  it('is not a way into the file system', async () => {
    for (const path of ['/docs/package.json', '/docs/..%2fpackage.json', '/docs/%2e%2e/package.json', '/docs//etc']) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });
});

describe('/docs/errors', () => {
  it('has a page for every code of the contract, with both texts, its status and what to do', async () => {
    const index = (await get('/docs/errors')).text;
    for (const { reason } of errorReasons().values()) {
      expect([reason, index.includes(`href="/docs/errors/${reason}"`)]).toEqual([reason, true]);
      const page = await get(`/docs/errors/${reason}`);
      expect([reason, page.status, page.text.includes('dir="rtl"')]).toEqual([reason, 200, true]);
      expect(page.text).toMatch(/HTTP [45]\d\d [\s\S]*What to do/);
    }
    expect((await get('/docs/errors/SLOT_TAKEN')).text).toContain('HTTP 409 Conflict');
  });

  it('tells the routes that may answer it', async () => {
    const reference: Reference = createReference({ services, accessRuleOf, restOptionsOf });
    const routes = createSystemRoutes({ readiness: {} as never, jwks: {} as never, reference });
    const exchange = { method: 'GET', request: { headers: {} } } as never;
    const page = await routes.find('/docs/errors/BOOKING_NOT_CANCELLABLE')?.answer(exchange);
    expect(page?.content).toContain('<code>POST /api/bookings/{booking_id}/cancel</code>');
    expect(page?.content).toContain('href="/docs#/Booking/cancelBooking"');
  });

  it('knows no other codes', async () => {
    for (const code of ['NONE', 'constructor', '__proto__', '<script>', 'SLOT_TAKEN/x']) {
      expect([code, (await get(`/docs/errors/${code}`)).status]).toEqual([code, 404]);
    }
  });
});
