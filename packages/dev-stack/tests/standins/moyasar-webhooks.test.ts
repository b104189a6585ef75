import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from './call.ts';
import { type MoyasarFixture, newInvoice, startMoyasarFixture } from './moyasar-fixture.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

// A minute of the retry ladder lasts 2 ms.
const timeFactor = 30_000;

describe('Moyasar stand-in: webhooks', () => {
  let receiver: WebhookReceiver;
  let fixture: MoyasarFixture;
  const payNew = async () => {
    const { json } = await fixture.api('POST', '/invoices', newInvoice());
    await fixture.pay(json.url);
    return (await fixture.api('GET', `/invoices/${json.id}`)).json;
  };
  const receivedAfter = (count: number) =>
    until(() => (receiver.received.length >= count ? receiver.received : undefined));
  const isSettled = () => until(async () => ((await fixture.books()).webhooks.pending === 0 ? true : undefined));

  beforeEach(async () => {
    receiver = await startWebhookReceiver();
    fixture = await startMoyasarFixture({ webhookUrl: receiver.url, webhookSecret: 'whsec-test', timeFactor });
  });
  afterEach(async () => {
    await fixture.standin.close();
    await receiver.close();
  });

  it('delivers the payment with the secret in the body', async () => {
    const invoice = await payNew();
    const [first] = await receivedAfter(1);
    expect(first?.event).toMatchObject({
      type: 'payment_paid',
      secret_token: 'whsec-test',
      account_name: 'Mawid',
      live: false,
      data: { id: invoice.payment_id, status: 'paid', invoice_id: invoice.id },
    });
    expect(first?.event.id).not.toBe(first?.event.data.id);
  });

  it('tries again by the ladder with the same event id until it is answered', async () => {
    receiver.failNext(2);
    await payNew();
    await isSettled();
    const attempts = (await fixture.api('GET', '/webhooks/attempts')).json.webhook_attempts;
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
    expect(attempts.map((row: Record<string, unknown>) => [row.retry_number, row.result, row.response_code])).toEqual([
      [2, 'success', 200],
      [1, 'failed', 500],
      [0, 'failed', 500],
    ]);
  });

  it('drops an event after six attempts, each after its wait', async () => {
    receiver.failNext(100);
    await payNew();
    await isSettled();
    const [start = 0] = receiver.received.map(({ at }) => at);
    expect(receiver.received).toHaveLength(6);
    expect((await fixture.books()).webhooks).toEqual({ pending: 0, delivered: 0, dropped: 1 });
    for (const [index, minutes] of [0, 1, 11, 41, 101, 221].entries()) {
      expect((receiver.received[index]?.at ?? 0) - start).toBeGreaterThanOrEqual(minutes * 2 - 2);
    }
  });

  it('sends an event twice with one id when told to', async () => {
    await fixture.control({ mode: 'webhook_twice', times: 1 });
    await payNew();
    const received = await receivedAfter(2);
    expect(received[0]?.event).toEqual(received[1]?.event);
  });

  it('sends the events of a while out of order when told to', async () => {
    await fixture.control({ mode: 'webhook_shuffled', ms: 200 });
    const invoice = await payNew();
    await fixture.api('POST', `/payments/${invoice.payment_id}/refund`);
    const received = await receivedAfter(2);
    expect(received.map(({ event }) => event.type)).toEqual(['payment_refunded', 'payment_paid']);
  });

  it('stays silent when told to', async () => {
    await fixture.control({ mode: 'webhook_off', times: 1 });
    await payNew();
    await payNew();
    await receivedAfter(1);
    expect((await fixture.books()).webhooks).toMatchObject({ dropped: 1 });
  });

  it('serves webhooks registered through the API, whose secret never comes back', async () => {
    const other = await startWebhookReceiver();
    const registered = await fixture.api('POST', '/webhooks', {
      url: other.url,
      http_method: 'put',
      shared_secret: 'another',
      events: ['payment_refunded'],
    });
    const invoice = await payNew();
    await fixture.api('POST', `/payments/${invoice.payment_id}/refund`, { amount: 500 });
    await until(() => other.received[0]);
    expect(registered.status).toBe(201);
    expect(JSON.stringify((await fixture.api('GET', '/webhooks')).json)).not.toContain('another');
    expect(other.received.map(({ event }) => [event.type, event.secret_token])).toEqual([
      ['payment_refunded', 'another'],
    ]);
    await other.close();
  });
});
