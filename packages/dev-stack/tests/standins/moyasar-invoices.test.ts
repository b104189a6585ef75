import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { call, callJson } from './call.ts';
import { insufficientCard, type MoyasarFixture, newInvoice, startMoyasarFixture } from './moyasar-fixture.ts';

describe('Moyasar stand-in: invoices and the hosted page', () => {
  let fixture: MoyasarFixture;
  const create = async (more = {}) => (await fixture.api('POST', '/invoices', newInvoice(more))).json;
  const fetchInvoice = async (id: string) => (await fixture.api('GET', `/invoices/${id}`)).json;

  beforeAll(async () => {
    fixture = await startMoyasarFixture();
  });
  beforeEach(() => callJson('POST', `${fixture.standin.url}/_control/reset`));
  afterAll(() => fixture.standin.close());

  it('is paid through the form and sends the payer to success_url', async () => {
    const invoice = await create();
    const answer = await fixture.pay(invoice.url);
    const target = new URL(answer.headers.get('location') ?? '');
    const paid = await fetchInvoice(invoice.id);
    expect(answer.status).toBe(303);
    expect(target.origin + target.pathname).toBe('https://mawid.test/paid');
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ id: paid.payment_id, status: 'paid' });
    expect(paid).toMatchObject({
      status: 'paid',
      metadata: { booking_id: 'b-1' },
      payments: [{ invoice_id: invoice.id, amount: 23_000 }],
    });
    expect(Date.parse(paid.paid_at)).not.toBeNaN();
  });

  it('stays payable after a failed try, which sends the payer to back_url', async () => {
    const invoice = await create();
    const target = new URL((await fixture.pay(invoice.url, insufficientCard)).headers.get('location') ?? '');
    expect(target.pathname).toBe('/back');
    expect(target.searchParams.get('status')).toBe('failed');
    expect(target.searchParams.get('message')).toMatch(/INSUFFICIENT FUNDS/);
    expect(await fetchInvoice(invoice.id)).toMatchObject({
      status: 'initiated',
      payment_id: null,
      payments: [{ status: 'failed' }],
    });
    await fixture.pay(invoice.url);
    expect((await fetchInvoice(invoice.id)).status).toBe('paid');
  });

  it('says on its own page what was wrong when the merchant has no back_url', async () => {
    const invoice = await create({ back_url: undefined });
    const answer = await fixture.pay(invoice.url, insufficientCard);
    const page = await call('GET', new URL(answer.headers.get('location') ?? '', fixture.standin.url).href);
    expect(page.text).toContain('الرصيد غير كافٍ');
  });

  it('takes money once: a paid invoice cannot be paid again, not even from the bank’s page', async () => {
    const invoice = await create();
    const waiting = await fixture.pay(invoice.url, undefined, { '3ds': 'true' });
    const bankPage = new URL(waiting.headers.get('location') ?? '', fixture.standin.url).href;
    expect((await call('GET', bankPage)).text).toContain('value="approve"');
    await fixture.pay(invoice.url);
    await fixture.pay(invoice.url);
    await call('POST', bankPage, { body: new URLSearchParams({ answer: 'approve' }) });
    expect((await fixture.books()).totals.SAR).toMatchObject({ payments: 1, charged: 23_000 });
  });

  it('speaks Arabic from the right unless asked for English, and escapes what merchants write', async () => {
    const invoice = await create({ description: '<script>alert(1)</script>' });
    const arabic = await call('GET', invoice.url);
    const english = await call('GET', `${invoice.url}?lang=en`);
    expect(arabic.text).toContain('<html lang="ar" dir="rtl">');
    expect(arabic.text).toContain('230.00 ر.س');
    expect(english.text).toContain('<html lang="en" dir="ltr">');
    expect(english.text).not.toContain('<script>');
    expect(english.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('marks wrong card fields without sending the number back; Arabic digits are welcome', async () => {
    const invoice = await create();
    const wrong = await fixture.pay(invoice.url, '4201320111111010', { month: '13', name: 'Sara' });
    expect(wrong.status).toBe(422);
    expect(wrong.text.match(/required aria-invalid="true"/g)).toHaveLength(2);
    expect(wrong.text).not.toContain('4201320111111010');
    expect((await fixture.pay(invoice.url, '٤٢٠١٣٢٠١١١١١١٠١٠')).status).toBe(303);
    expect((await fetchInvoice(invoice.id)).status).toBe('paid');
  });

  it('expires at expired_at', async () => {
    let now = new Date('2030-01-01T00:00:00Z');
    const timed = await startMoyasarFixture({ now: () => now });
    const { json } = await timed.api('POST', '/invoices', newInvoice({ expired_at: '2030-01-01T00:10:00Z' }));
    now = new Date('2030-01-01T00:10:00Z');
    expect((await timed.api('GET', `/invoices/${json.id}`)).json.status).toBe('expired');
    expect((await timed.pay(json.url)).status).toBe(410);
    expect((await timed.api('PUT', `/invoices/${json.id}/cancel`)).status).toBe(400);
    await timed.standin.close();
  });

  it('can be cancelled while unpaid, and is found by its metadata', async () => {
    const invoice = await create({ metadata: { payment_id: 'p-7' } });
    await create({ metadata: { payment_id: 'p-8' } });
    const found = await fixture.api('GET', '/invoices?metadata[payment_id]=p-7');
    expect(found.json.invoices.map(({ id }: { id: string }) => id)).toEqual([invoice.id]);
    expect((await fixture.api('PUT', `/invoices/${invoice.id}/cancel`)).json.status).toBe('canceled');
    expect((await fixture.pay(invoice.url)).status).toBe(410);
  });

  it('remembers everything after a restart when it has a journal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moyasar-'));
    const dataFile = join(folder, 'journal.jsonl');
    const before = await startMoyasarFixture({ dataFile });
    const { json } = await before.api('POST', '/invoices', newInvoice());
    await before.pay(json.url);
    const books = await before.books();
    await before.standin.close();
    const after = await startMoyasarFixture({ dataFile });
    expect(await after.books()).toEqual(books);
    await after.standin.close();
    await rm(folder, { recursive: true });
  });
});
