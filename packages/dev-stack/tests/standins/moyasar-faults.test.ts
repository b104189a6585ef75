import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callJson } from './call.ts';
import { type MoyasarFixture, newInvoice, startMoyasarFixture } from './moyasar-fixture.ts';

describe('Moyasar stand-in: fault modes', () => {
  let fixture: MoyasarFixture;
  const create = () => fixture.api('POST', '/invoices', newInvoice());
  const countInvoices = async () => (await fixture.api('GET', '/invoices')).json.meta.total_count;

  beforeAll(async () => {
    fixture = await startMoyasarFixture();
  });
  beforeEach(() => callJson('POST', `${fixture.standin.url}/_control/reset`));
  afterAll(() => fixture.standin.close());

  it('acts and never answers', async () => {
    await fixture.control({ mode: 'timeout_after_acting', match: 'POST /v1/invoices', ms: 20, times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await countInvoices()).toBe(1);
    expect((await create()).status).toBe(201);
  });

  it('never answers and does not act', async () => {
    await fixture.control({ mode: 'timeout_before_acting', match: 'POST /v1/invoices', ms: 0, times: 1 });
    await expect(create()).rejects.toThrow();
    expect(await countInvoices()).toBe(0);
  });

  it('fails a matched call so often as asked, in the provider’s envelope', async () => {
    await fixture.control({ mode: 'error500', match: 'POST /v1/invoices', times: 1 });
    await fixture.control({ mode: 'error', status: 429, match: 'GET /v1/invoices/{id}', times: 1 });
    expect(await create()).toMatchObject({ status: 500, json: { type: 'api_error' } });
    const { json } = await create();
    expect((await fixture.api('GET', `/invoices/${json.id}`)).json.type).toBe('rate_limit_error');
    expect((await fixture.api('GET', `/invoices/${json.id}`)).status).toBe(200);
  });

  it('is slow', async () => {
    await fixture.control({ mode: 'slow', ms: 150, times: 1 });
    const start = performance.now();
    await create();
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
  });

  it('says what is wrong with a fault it does not know, and lists and clears the others', async () => {
    expect(await fixture.control({ mode: 'sideways' })).toMatchObject({ status: 400 });
    expect((await fixture.control({ mode: 'slow', match: 'POST /v1/payments' })).json.faults).toHaveLength(1);
    expect((await callJson('DELETE', `${fixture.standin.url}/_control`)).json.faults).toEqual([]);
  });

  it('answers health checks whatever the faults', async () => {
    await fixture.control({ mode: 'error500' });
    expect((await callJson('GET', `${fixture.standin.url}/readyz`)).status).toBe(200);
    expect((await callJson('GET', `${fixture.standin.url}/livez`)).status).toBe(200);
  });
});
