import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, dial, serveGrpc } from './fixture.ts';

afterEach(closeAll);

/** Fails with `code` until `calls` have come in, and counts. */
async function flaky(failures: number, code: Code) {
  const seen = { calls: 0 };
  function answer() {
    seen.calls += 1;
    if (seen.calls <= failures) throw new ConnectError('not now', code);
    return { text: `attempt ${seen.calls}` };
  }
  const server = await serveGrpc({ routes: echoRoutes({ echo: answer, write: answer }) });
  return { seen, port: server.port };
}

const quick = { baseDelayMs: 1 };

describe('retries', () => {
  it('repeat an idempotent call that ended with UNAVAILABLE, twice at most', async () => {
    const { port, seen } = await flaky(2, Code.Unavailable);
    expect((await dial(port, { retries: quick }).echo({})).text).toBe('attempt 3');
    const worse = await flaky(3, Code.Unavailable);
    expect((await errorOf(dial(worse.port, { retries: quick }).echo({}))).code).toBe(Code.Unavailable);
    expect([seen.calls, worse.seen.calls]).toEqual([3, 3]);
  });

  it('leave a call alone that is not idempotent', async () => {
    const { port, seen } = await flaky(1, Code.Unavailable);
    expect((await errorOf(dial(port, { retries: quick }).write({}))).code).toBe(Code.Unavailable);
    expect(seen.calls).toBe(1);
  });

  it.each([Code.Aborted, Code.Internal, Code.ResourceExhausted, Code.DeadlineExceeded])(
    'leave code %i alone',
    async (code) => {
      const { port, seen } = await flaky(1, code);
      expect((await errorOf(dial(port, { retries: quick }).echo({}))).code).toBe(code);
      expect(seen.calls).toBe(1);
    },
  );

  it('stop when the budget is used up', async () => {
    const { port, seen } = await flaky(Number.POSITIVE_INFINITY, Code.Unavailable);
    const client = dial(port, { retries: quick });
    for (let i = 0; i < 100; i++) await errorOf(client.echo({}));
    // Ten saved ones, and a tenth of the calls.
    expect(seen.calls).toBeGreaterThanOrEqual(115);
    expect(seen.calls).toBeLessThanOrEqual(121);
  });

  it('do not wait beyond the deadline', async () => {
    const { port } = await flaky(Number.POSITIVE_INFINITY, Code.Unavailable);
    const client = dial(port, { retries: { baseDelayMs: 60_000, maxDelayMs: 60_000, random: () => 0.9 } });
    const start = Date.now();
    expect((await errorOf(client.echo({}, { timeoutMs: 500 }))).code).toBe(Code.Unavailable);
    expect(Date.now() - start).toBeLessThan(400);
  });

  it('repeat any call that could not be sent', async () => {
    const { port, seen } = await flaky(0, Code.Unavailable);
    const refused = `ipv4:127.0.0.1:1`;
    const client = dial(refused, { retries: quick });
    expect((await errorOf(client.write({}))).code).toBe(Code.Unavailable);
    expect((await dial(port, { retries: quick }).write({})).text).toBe('attempt 1');
    expect(seen.calls).toBe(1);
  });

  it('repeat a call that a server has refused unseen, even without retries', async () => {
    let refusals = 0;
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      if (refusals < 3) {
        refusals += 1;
        stream.close(7);
        return;
      }
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 0]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = dial((server.address() as AddressInfo).port, { retries: false });
    expect((await client.write({})).text).toBe('');
    expect(refusals).toBe(3);
    server.close();
  });

  it('leave a call alone whose connection broke after it was sent', async () => {
    let calls = 0;
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      calls += 1;
      stream.on('error', () => undefined);
      stream.session?.socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = dial((server.address() as AddressInfo).port, { retries: quick });
    expect((await errorOf(client.write({}))).code).toBe(Code.Unavailable);
    expect(calls).toBe(1);
    server.close();
  });
});
