import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTelemetry } from '@mawid/service-kit';
import { silentLogger } from '@mawid/service-kit/testing';
import { loadConfig } from '../src/config.ts';
import { createMoyasarProvider } from '../src/provider/moyasar/create-moyasar-provider.ts';
import type { PaymentProvider } from '../src/provider/payment-provider.ts';
import { ProviderError } from '../src/provider/provider-error.ts';
import { createMetrics } from '../src/telemetry.ts';

interface Answer {
  status: number;
  body: string;
}

let server: Server;
let requests: IncomingMessage[];
let answer: (path: string) => Answer | undefined;
let provider: PaymentProvider;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const given = answer(request.url ?? '');
    if (given === undefined) return void request.socket.destroy();
    response.writeHead(given.status).end(given.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = openProvider((server.address() as AddressInfo).port);
});
afterEach(() => void server.close().closeAllConnections());

function openProvider(port: number): PaymentProvider {
  const telemetry = startTelemetry({ service: 'test' });
  const config = loadConfig({ MOYASAR_URL: `http://127.0.0.1:${port}/v1`, MOYASAR_TIMEOUT_MS: '200' });
  return createMoyasarProvider({ config, logger: silentLogger(), telemetry, metrics: createMetrics(telemetry) });
}

const json = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) });
const payment = { id: 'p1', status: 'paid', amount: 11_500, currency: 'SAR', refunded: 0, captured: 0 };

async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw new Error(`no ProviderError: ${String(error)}`);
}

describe('MoyasarProvider', () => {
  it('says who it is, and tells nothing of our traces', async () => {
    answer = () => json(200, payment);
    await provider.fetchCharge('p1');
    const { headers, url } = requests[0] ?? { headers: {}, url: '' };
    expect(url).toBe('/v1/payments/p1');
    expect(headers['user-agent']).toMatch(/^Mawid/);
    expect(headers.authorization).toBe(`Basic ${Buffer.from('sk_test_mawid:').toString('base64')}`);
    expect(headers).not.toHaveProperty('traceparent');
  });

  it.each<[string, object, object]>([
    ['a purchase', {}, { status: 'charged', charged: 11_500n, refunded: 0n }],
    ['a part that was captured', { status: 'captured', captured: 5_000 }, { status: 'charged', charged: 5_000n }],
    ['a part that was given back', { status: 'refunded', refunded: 500 }, { status: 'charged', refunded: 500n }],
    ['a void', { status: 'voided' }, { status: 'voided' }],
    ['a void in the old spelling', { status: 'void' }, { status: 'voided' }],
    [
      'a decline',
      { status: 'failed', source: { message: 'DECLINED' } },
      { status: 'declined', declineReason: 'DECLINED' },
    ],
    ['a payer at the bank', { status: 'initiated' }, { status: 'pending' }],
    ['a status nobody has heard of', { status: 'on_hold' }, { status: 'pending' }],
  ])('reads %s', async (_, changes, charge) => {
    answer = () => json(200, { ...payment, ...changes });
    expect(await provider.fetchCharge('p1')).toMatchObject(charge);
  });

  it.each<[string, Answer | undefined, { isRetryable: boolean; mayHaveActed: boolean }]>([
    ['a broken connection', undefined, { isRetryable: true, mayHaveActed: true }],
    ['500', json(500, { type: 'api_error' }), { isRetryable: true, mayHaveActed: true }],
    ['a success that cannot be read', json(200, { id: 'p1' }), { isRetryable: true, mayHaveActed: true }],
    ['a fraction of a halala', json(200, { ...payment, amount: 115.5 }), { isRetryable: true, mayHaveActed: true }],
    ['429', json(429, { type: 'rate_limit_error' }), { isRetryable: true, mayHaveActed: false }],
    ['the firewall', { status: 403, body: '<html>1010</html>' }, { isRetryable: true, mayHaveActed: false }],
    [
      'a key without the right',
      json(403, { type: 'authentication_error' }),
      { isRetryable: false, mayHaveActed: false },
    ],
    ['a wrong key', json(401, { type: 'authentication_error' }), { isRetryable: false, mayHaveActed: false }],
    ['a proxy that waited too long', { status: 408, body: '' }, { isRetryable: true, mayHaveActed: true }],
    [
      'a wrong request',
      json(400, { type: 'invalid_request', message: null }),
      { isRetryable: false, mayHaveActed: false },
    ],
  ])('tells errors apart: %s', async (_, given, kind) => {
    answer = () => given;
    expect(await failureOf(provider.refund('p1', 500n))).toMatchObject(kind);
  });

  it('gives up a call that takes too long', async () => {
    server.removeAllListeners('request');
    expect(await failureOf(provider.refund('p1', 500n))).toMatchObject({ isRetryable: true, mayHaveActed: true });
  });

  it('knows that a connection that was never made asked for nothing', async () => {
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await failureOf(openProvider(port).refund('p1', 500n))).toMatchObject({
      isRetryable: true,
      mayHaveActed: false,
    });
  });

  it('knows what the provider does not know', async () => {
    answer = () => json(404, { type: 'invalid_request_error', message: 'not found' });
    expect(await provider.fetchCharge('p1')).toBeUndefined();
    expect(await provider.fetchInvoice('i1')).toBeUndefined();
  });

  it('spares a provider that fails again and again', async () => {
    answer = () => json(500, {});
    for (let call = 0; call < 8; call++) await failureOf(provider.refund('p1', 500n));
    expect(requests).toHaveLength(5);
    expect(await failureOf(provider.refund('p1', 500n))).toMatchObject({ isRetryable: true, mayHaveActed: false });
  });

  it('refuses to send an amount that is none', async () => {
    await expect(provider.refund('p1', 0n)).rejects.toThrow(RangeError);
    await expect(provider.refund('p1', 2n ** 60n)).rejects.toThrow(RangeError);
    expect(requests).toEqual([]);
  });

  it('looks through the pages when the provider ignores the filter', async () => {
    const invoice = { status: 'initiated', amount: 11_500, currency: 'SAR', url: 'https://pay.example/i' };
    answer = (path) =>
      path.includes('page=1')
        ? json(200, { invoices: [{ ...invoice, id: 'i1', metadata: { payment_id: 'other' } }], meta: { next_page: 2 } })
        : json(200, {
            invoices: [{ ...invoice, id: 'i2', metadata: { payment_id: 'ours' } }],
            meta: { next_page: null },
          });
    expect(await provider.findInvoice('ours')).toMatchObject({ id: 'i2', paymentId: 'ours' });
    expect(await provider.findInvoice('nobody’s')).toBeUndefined();
  });
});
