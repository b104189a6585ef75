import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { request } from './support/client.ts';
import { openStream, until } from './support/event-reader.ts';
import { startTestGateway } from './support/start.ts';
import { seen, streamApi } from './support/streams.ts';

beforeEach(async () => {
  await until(() => seen.open === 0);
  Object.assign(seen, { sent: 0, lastAfterId: '' });
});

const events = { accept: 'text/event-stream' };

describe('streams while the gateway', () => {
  it('ends are ended in good order, with a hint when to come back; a download may finish', async () => {
    const own = await startTestGateway({}, streamApi);
    const stream = await openStream(`${own.url}/s/watch?count=1&stays=true`, events);
    const download = await openStream(`${own.url}/s/download?count=3&size=1&wait_ms=150`);
    await stream.until('id: 1');
    const closing = own.gateway.close();
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/id: 1\ndata: .*\n\nretry: \d+\n\n$/);
    expect(await download.ended).toBe(true);
    expect(download.text()).toBe('abc');
    await closing;
    await own.close();
  });

  it('has lost the service end with an error event', async () => {
    const own = await startTestGateway({}, streamApi);
    const stream = await openStream(`${own.url}/s/watch?count=1&stays=true`, events);
    await stream.until('id: 1');
    await own.stopService();
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/event: error\ndata: .*"code":"UNAVAILABLE".*"retry_after_seconds":/);
    expect((await request(own.url, 'GET /s/watch', { headers: events })).status).toBe(503);
    await own.close();
  });

  it('has a service that fails again and again end with an error event, after few calls', async () => {
    const own = await startTestGateway({}, streamApi);
    const stream = await openStream(`${own.url}/s/watch?count=1&fail_code=${Code.Unavailable}`, events);
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/id: 6\ndata: .*\n\nevent: error\ndata: .*"code":"UNAVAILABLE"/);
    expect(seen.sent).toBe(6);
    await own.close();
  }, 20_000);

  it('loses a call of which no event is known ends with an error event: the client must look what it missed', async () => {
    const server = { maxConnectionAgeMs: 400, maxDeadlineMs: 100 };
    const own = await startTestGateway({}, { ...streamApi, server });
    const stream = await openStream(`${own.url}/s/watch?count=1&anonymous=true&stays=true`, events);
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/^retry: \d+\n\ndata: .*\n\nevent: error\ndata: .*"code":"UNAVAILABLE"/);
    await own.close();
  });

  it('gets new connections to the service go on, unseen by the client', async () => {
    const server = { maxConnectionAgeMs: 1_000, maxDeadlineMs: 100 };
    const own = await startTestGateway({}, { ...streamApi, server });
    const stream = await openStream(`${own.url}/s/watch?count=1000&wait_ms=50`, events);
    await stream.until('id: 40\n');
    stream.close();
    const ids = [...stream.text().matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(stream.text()).not.toContain('event: error');
    await own.close();
  });

  it('lives end when they are old', async () => {
    const own = await startTestGateway({ GATEWAY_STREAM_MAX_AGE_MS: '1000' }, streamApi);
    const stream = await openStream(`${own.url}/s/watch?count=1&stays=true`, events);
    expect(await stream.ended).toBe(true);
    expect(stream.text()).toMatch(/^retry: \d+\n\nid: 1\ndata: .*\n\n$/);
    await own.close();
  });
});
