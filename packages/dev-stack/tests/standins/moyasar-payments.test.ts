import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callJson } from './call.ts';
import {
  approvedCard,
  cardPayment,
  insufficientCard,
  type MoyasarFixture,
  startMoyasarFixture,
} from './moyasar-fixture.ts';

describe('Moyasar stand-in: payments', () => {
  let fixture: MoyasarFixture;
  const pay = async (more = {}, source = {}) =>
    (await fixture.api('POST', '/payments', cardPayment(more, source), 'pk_test_mawid')).json;

  beforeAll(async () => {
    fixture = await startMoyasarFixture();
  });
  beforeEach(() => callJson('POST', `${fixture.standin.url}/_control/reset`));
  afterAll(() => fixture.standin.close());

  it('makes given_id the payment id and refuses it a second time', async () => {
    const given_id = randomUUID();
    const first = await fixture.api('POST', '/payments', cardPayment({ given_id }), 'pk_test_mawid');
    const second = await fixture.api('POST', '/payments', cardPayment({ given_id }), 'pk_test_mawid');
    expect(first).toMatchObject({ status: 201, json: { id: given_id, status: 'paid', amount_format: '230.00 SAR' } });
    expect(second).toMatchObject({ status: 400, json: { type: 'used_given_id' } });
    expect((await fixture.api('GET', `/payments/${given_id}`)).json).toEqual(first.json);
  });

  it.each([
    [approvedCard, 'paid', '00', 'mada'],
    ['4201321234411220', 'failed', '05', 'mada'],
    [insufficientCard, 'failed', '51', 'mada'],
    ['4111111111111111', 'paid', '00', 'visa'],
    ['5421080101000000', 'paid', '00', 'master'],
    ['4000000000000002', 'failed', '14', 'visa'],
  ])('card %s is %s with response code %s', async (number, status, response_code, company) => {
    const payment = await pay({}, { number });
    expect(payment).toMatchObject({ status, source: { response_code, company, type: 'creditcard' } });
    expect(JSON.stringify(payment)).not.toContain(number);
  });

  it('leaves a 3-D Secure payment initiated until the payer answers at transaction_url', async () => {
    const payment = await pay({}, { '3ds': true });
    expect(payment.status).toBe('initiated');
    const answer = await fetch(payment.source.transaction_url, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'approve' }),
      redirect: 'manual',
    });
    const target = new URL(answer.headers.get('location') ?? '');
    expect(answer.status).toBe(303);
    expect(target.searchParams.get('status')).toBe('paid');
    expect((await fixture.api('GET', `/payments/${payment.id}`)).json.status).toBe('paid');
  });

  it('refunds in parts up to the amount and answers 400 beyond it', async () => {
    const { id } = await pay();
    const part = await fixture.api('POST', `/payments/${id}/refund`, { amount: 10_000 });
    const tooMuch = await fixture.api('POST', `/payments/${id}/refund`, { amount: 13_001 });
    const rest = await fixture.api('POST', `/payments/${id}/refund`);
    const again = await fixture.api('POST', `/payments/${id}/refund`);
    expect(part.json).toMatchObject({ refunded: 10_000, refunded_format: '100.00 SAR' });
    expect(tooMuch).toMatchObject({ status: 400, json: { type: 'invalid_request_error' } });
    expect(rest.json).toMatchObject({ refunded: 23_000, status: 'refunded' });
    expect(again.status).toBe(400);
    expect(await fixture.books()).toMatchObject({
      refunds: [{ amount: 10_000 }, { amount: 13_000 }],
      totals: { SAR: { payments: 1, charged: 23_000, refunded: 23_000, net: 0 } },
    });
  });

  it('captures part of a hold once, and voids another', async () => {
    const held = await pay({}, { manual: true });
    const captured = await fixture.api('POST', `/payments/${held.id}/capture`, { amount: 20_000 });
    expect(held.status).toBe('authorized');
    expect(captured.json).toMatchObject({ status: 'captured', captured: 20_000 });
    expect((await fixture.api('POST', `/payments/${held.id}/capture`)).status).toBe(400);
    expect((await fixture.api('POST', `/payments/${held.id}/refund`, { amount: 20_001 })).status).toBe(400);
    const other = await pay({}, { manual: true });
    expect((await fixture.api('POST', `/payments/${other.id}/void`)).json.status).toBe('voided');
    expect((await fixture.api('POST', `/payments/${other.id}/refund`)).status).toBe(400);
  });

  it('voids a charge only before it is settled', async () => {
    let now = new Date('2030-01-01T00:00:00Z');
    const late = await startMoyasarFixture({ now: () => now });
    const create = () => late.api('POST', '/payments', cardPayment(), 'pk_test_mawid');
    const [early, settled] = [await create(), await create()];
    expect((await late.api('POST', `/payments/${early.json.id}/void`)).json.status).toBe('voided');
    now = new Date('2030-01-01T02:00:00Z');
    expect((await late.api('POST', `/payments/${settled.json.id}/void`)).status).toBe(400);
    await late.standin.close();
  });

  it('saves a card as a token that can be charged again', async () => {
    const first = await pay({}, { '3ds': true, save_card: true });
    await fetch(first.source.transaction_url, {
      method: 'POST',
      body: new URLSearchParams({ answer: 'approve' }),
      redirect: 'manual',
    });
    const { token } = (await fixture.api('GET', `/payments/${first.id}`)).json.source;
    expect((await fixture.api('GET', `/tokens/${token}`)).json).toMatchObject({
      id: token,
      last_four: '1010',
      status: 'active',
    });
    const second = await fixture.api('POST', '/payments', cardPayment({ source: { type: 'token', token } }));
    expect(second.json).toMatchObject({ status: 'paid', ip: null, source: { type: 'creditcard', token } });
  });

  it('lists 40 a page, newest first, filtered by metadata and status', async () => {
    for (let index = 0; index < 41; index += 1) await pay({ metadata: { batch: 'x', index } });
    await pay({ metadata: { batch: 'y' } });
    const page = (await fixture.api('GET', '/payments?metadata[batch]=x&status=paid')).json;
    const last = (await fixture.api('GET', '/payments?metadata[batch]=x&page=2')).json;
    expect(page.payments).toHaveLength(40);
    expect(page.payments[0].metadata.index).toBe('40');
    expect(page.meta).toEqual({ current_page: 1, next_page: 2, prev_page: null, total_pages: 2, total_count: 41 });
    expect(last.payments.map((payment: { metadata: { index: string } }) => payment.metadata.index)).toEqual(['0']);
  });

  it('refuses wrong keys, wrong fields and small amounts in the envelope of the provider', async () => {
    expect(await fixture.api('GET', '/payments', undefined, 'sk_test_other')).toMatchObject({
      status: 401,
      json: { type: 'authentication_error', errors: null },
    });
    expect((await fixture.api('GET', '/payments', undefined, 'pk_test_mawid')).status).toBe(403);
    const invalid = await fixture.api('POST', '/payments', cardPayment({ amount: 99, callback_url: undefined }));
    expect(invalid).toMatchObject({ status: 400, json: { type: 'invalid_request_error' } });
    expect(Object.keys(invalid.json.errors).sort()).toEqual(['amount', 'callback_url']);
    expect((await fixture.api('GET', `/payments/${randomUUID()}`)).status).toBe(404);
  });

  it('blocks a client without a User-Agent like a firewall: 403 and no JSON', async () => {
    const status = await new Promise((resolve) => {
      const sent = httpRequest(`${fixture.standin.apiUrl}/payments`, (response) => {
        resolve([response.statusCode, response.headers['content-type']]);
        response.resume();
      });
      sent.end();
    });
    expect(status).toEqual([403, 'text/html; charset=utf-8']);
  });

  it('writes down raw card data that came with the secret key', async () => {
    const { json } = await fixture.api('POST', '/payments', cardPayment());
    expect((await fixture.books()).raw_card_breaches).toEqual([json.id]);
  });
});
