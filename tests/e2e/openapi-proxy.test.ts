import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accessRuleOf, restOptionsOf, services } from '@mawid/contracts';
import { buildDocument } from '../../gateway/src/openapi/document.ts';
import { startValidatingProxy } from './openapi/validating-proxy.ts';

// A server that answers as the gateway does; what the proxy says of it depends on the document alone.
const bookingId = '0193e6a4-5c11-7a3e-9d52-6f1b2c3d4e5f';
// biome-ignore lint/suspicious/noExplicitAny: documents are bent here at any place.
type Bendable = any;

const calendarEvent = { id: '1-1', kind: 'resync', version: 0, fact: '', occurred_at: '2030-01-01T00:00:00Z' };
const contract = { services, accessRuleOf, restOptionsOf };

let target: Server;
let url: string;
/** What the target streams. */
let events: string;

const usual = { 'x-request-id': 'r1', 'content-language': 'en' };
const money = { amount: 11_500, currency: 'SAR' };
const payment = {
  ...{ id: bookingId, booking_id: bookingId, customer_id: bookingId, salon_id: bookingId, method: 'hosted_invoice' },
  ...{ state: 'awaiting_payer', amount: money, captured: money, refunded: money, payment_url: 'https://pay.sa/1' },
  ...{
    failure_reason: '',
    refunds: [],
    etag: '1',
    created_at: '2030-01-01T00:00:00Z',
    updated_at: '2030-01-01T00:00:00Z',
  },
};
const refusal = {
  ...{ type: '/docs/errors/NOT_FOUND', title: 'Not found', status: 404, detail: 'Not found.' },
  ...{ instance: '/api/payments/x', code: 'NOT_FOUND', metadata: {} },
};

beforeAll(async () => {
  target = createServer((request, response) => {
    request.resume();
    if (request.url?.endsWith('/stream')) {
      response.writeHead(200, { ...usual, 'content-type': 'text/event-stream' });
      return response.end(events);
    }
    const isRefused = request.url?.startsWith('/api/payments/') === true;
    const type = isRefused ? 'application/problem+json' : 'application/json';
    const etag = isRefused ? {} : { etag: '"1"' };
    response.writeHead(isRefused ? 404 : 201, { ...usual, ...etag, 'content-type': type });
    response.end(JSON.stringify(isRefused ? refusal : payment));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
});

afterAll(() => void target?.close());

/** What the proxy finds in one payment and one refusal, by a document that was bent. */
async function findViolations(bend: (document: Bendable) => void, body: object = { booking_id: bookingId }) {
  const document = structuredClone(buildDocument(contract)) as Bendable;
  bend(document);
  const proxy = await startValidatingProxy({ target: url, document });
  const json = { 'content-type': 'application/json' };
  const answer = await fetch(`${proxy.url}/api/payments`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.json()]).toEqual([201, payment]);
  expect((await fetch(`${proxy.url}/api/payments/${bookingId}`)).status).toBe(404);
  const { seen, violations } = proxy;
  await proxy.close();
  return { seen, violations };
}

describe('the validating proxy', () => {
  it('finds nothing where the document is right', async () => {
    expect(await findViolations(() => undefined)).toEqual({ seen: 2, violations: [] });
  });

  it.each<[string, string, (document: Bendable) => void]>([
    [
      'a missing status',
      'the status 201 is not documented',
      (it) => delete it.paths['/api/payments'].post.responses[201],
    ],
    ['a missing path', '201 for an operation that is not documented', (it) => delete it.paths['/api/payments']],
    [
      'a wrong type',
      '/amount/amount must be string',
      (it) => (it.components.schemas.Money.properties.amount = { type: 'string' }),
    ],
    [
      'a missing enum value',
      '/state must be equal to one of',
      (it) => it.components.schemas.PaymentState.enum.splice(2, 1),
    ],
    [
      'a member that never comes',
      "must have required property 'fee'",
      (it) => it.components.schemas.Payment.required.push('fee'),
    ],
    [
      'an undeclared code',
      'the code NOT_FOUND is not documented',
      (it) => (it.components.responses.NotFound['x-mawid-codes'] = ['GONE']),
    ],
    [
      'a missing header',
      'the header etag is not documented',
      (it) => delete it.paths['/api/payments'].post.responses[201].headers.ETag,
    ],
    [
      'a header that never comes',
      'the header ratelimit is missing',
      (it) => (it.components.headers.RateLimit.required = true),
    ],
    [
      'a malformed header',
      'the header x-request-id: it must match pattern',
      (it) => (it.components.headers['X-Request-Id'].schema.pattern = '^[0-9]+$'),
    ],
    [
      'a wrong content type',
      'the content type "application/json" is not documented',
      (it) => (it.paths['/api/payments'].post.responses[201].content = { 'text/plain': {} }),
    ],
    [
      'a missing request member',
      'body: it must NOT have additional properties',
      (it) => delete it.components.schemas.CreatePaymentRequest.properties.booking_id,
    ],
    [
      'a problem with another shape',
      '/metadata must be string',
      (it) => (it.components.schemas.Problem.properties.metadata = { type: 'string' }),
    ],
  ])('finds %s', async (_, expected, bend) => {
    const { violations } = await findViolations(bend);
    expect(violations.join('\n')).toContain(expected);
  });

  it.each<[string, string, string]>([
    ['nothing in an event as the schema has it', 'id: 1-1\ndata: {EVENT}\n\n:\n\n', ''],
    ['a member that no event has', 'data: {"nonsense":1}\n\n', "must have required property 'id'"],
    [
      'an error that is no problem',
      'event: error\ndata: {"code":"NOT_FOUND"}\n\n',
      "must have required property 'type'",
    ],
    ['nothing in half an event', 'data: {"nonse', ''],
  ])('finds %s', async (_, text, expected) => {
    events = text.replace('{EVENT}', JSON.stringify(calendarEvent));
    const proxy = await startValidatingProxy({ target: url, document: buildDocument(contract) as Bendable });
    const headers = { accept: 'text/event-stream' };
    await (await fetch(`${proxy.url}/api/salons/${bookingId}/calendar/stream`, { headers })).text();
    const found = proxy.violations.join('\n');
    await proxy.close();
    if (expected === '') expect(found).toBe('');
    else expect(found).toContain(expected);
  });

  it('understands the spellings that the introduction tells of, and no others', async () => {
    const spelled = { bookingId, method: 'PAYMENT_METHOD_HOSTED_INVOICE' };
    expect((await findViolations(() => undefined, spelled)).violations).toEqual([]);
    expect((await findViolations(() => undefined, { ...spelled, method: null })).violations).toEqual([]);
    const wrong = await findViolations(() => undefined, { booking: bookingId, method: 'cash' });
    expect(wrong.violations.join('\n')).toMatch(/booking_id[\s\S]*additional properties[\s\S]*method/);
  });
});
