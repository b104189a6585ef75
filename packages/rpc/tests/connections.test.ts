import dns from 'node:dns';
import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type GrpcServerOptions, startGrpcServer } from '../src/index.ts';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, closeLater, dial, serveGrpc } from './fixture.ts';
import { startLoad } from './load.ts';
import { until } from './until.ts';
import { tapWire } from './wire-tap.ts';

afterEach(closeAll);

/** Sends an answer every few milliseconds, for as long as its caller stays. */
const endless = echoRoutes({
  async *repeat(_, context) {
    for (let i = 0; !context.signal.aborted; i++) {
      yield { text: `${i}` };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  },
});

async function serveTapped(options: GrpcServerOptions) {
  const tap = await tapWire((await serveGrpc(options)).port);
  closeLater(() => tap.close());
  return tap;
}

/** Two servers that count the calls they get. */
async function serveTwo(options: Omit<GrpcServerOptions, 'routes'> = {}) {
  const counts = [0, 0];
  const servers = await Promise.all(
    counts.map((_, i) => {
      function count(): object {
        counts[i] = (counts[i] ?? 0) + 1;
        return {};
      }
      return serveGrpc({ routes: echoRoutes({ echo: count, write: count }), ...options });
    }),
  );
  return { counts, servers };
}

describe('a peer that has vanished', () => {
  it('is noticed by its client, whose calls fail with UNAVAILABLE', async () => {
    const tap = await serveTapped({ routes: endless });
    const client = dial(tap.port, { keepaliveMs: 50, keepaliveTimeoutMs: 100, retries: false });
    const error = await errorOf(
      (async () => {
        for await (const answer of client.repeat({}, { timeoutMs: 0 })) if (answer.text === '3') tap.freeze();
      })(),
    );
    expect(error.code).toBe(Code.Unavailable);
  });

  it('is noticed by its server, whose handler is told', async () => {
    let aborted = false;
    const routes = echoRoutes({
      async *repeat(_, context) {
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        aborted = true;
      },
    });
    const tap = await serveTapped({ routes, keepaliveMs: 50, keepaliveTimeoutMs: 100 });
    const call = errorOf(dial(tap.port).repeat({}, { timeoutMs: 0 })[Symbol.asyncIterator]().next());
    await until(() => tap.sent > 200);
    tap.freeze();
    await until(() => aborted);
    await closeAll();
    await call;
  });
});

describe('streams without a deadline', () => {
  it('end with UNAVAILABLE as soon as their server drains, and their handlers are told', async () => {
    let reason: unknown;
    const routes = echoRoutes({
      async *repeat(_, context) {
        context.signal.addEventListener('abort', () => {
          reason = context.signal.reason;
        });
        yield { text: 'first' };
        await new Promise(() => undefined);
      },
    });
    const server = await serveGrpc({ routes });
    const answers = dial(server.port).repeat({}, { timeoutMs: 0 })[Symbol.asyncIterator]();
    await answers.next();
    const start = Date.now();
    const drained = server.drain(60_000);
    const error = await errorOf(answers.next());
    expect(error).toMatchObject({ code: Code.Unavailable, rawMessage: 'the server is shutting down' });
    await drained;
    expect(Date.now() - start).toBeLessThan(10_000);
    expect(reason).toMatchObject({ code: Code.Unavailable });
  });

  it('end with UNAVAILABLE when their connection has aged and its grace time is over', async () => {
    const server = await serveGrpc({ routes: endless, maxConnectionAgeMs: 50, maxDeadlineMs: 50 });
    const answers = dial(server.port).repeat({}, { timeoutMs: 0 });
    const error = await errorOf(
      (async () => {
        for await (const _ of answers);
      })(),
    );
    expect(error.code).toBe(Code.Unavailable);
  });

  it('with a deadline may end within the grace time', async () => {
    const routes = echoRoutes({
      async *repeat() {
        yield { text: 'first' };
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield { text: 'last' };
      },
    });
    const server = await serveGrpc({ routes });
    const texts: string[] = [];
    for await (const { text } of dial(server.port).repeat({}, { timeoutMs: 5_000 })) {
      texts.push(text);
      if (text === 'first') server.drain(5_000);
    }
    expect(texts).toEqual(['first', 'last']);
  });
});

describe('calls to a name', () => {
  it('go round all of its addresses', async () => {
    const { counts, servers } = await serveTwo();
    const client = dial(`ipv4:${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`);
    for (let i = 0; i < 40 || Math.min(...counts) === 0; i++) await client.write({});
    const before = [...counts];
    for (let i = 0; i < 20; i++) await client.write({});
    expect(counts.map((count, i) => count - (before[i] ?? 0))).toEqual([10, 10]);
  });

  it('that the resolver knows reach its server', async () => {
    const { counts, servers } = await serveTwo();
    const client = dial(`dns:///localhost:${servers[0]?.port}`);
    for (let i = 0; i < 5; i++) await client.write({});
    expect(counts).toEqual([5, 0]);
  });

  it('that the resolver knows by several addresses go round them', async () => {
    const counts: [number, number] = [0, 0];
    function counting(index: 0 | 1) {
      return echoRoutes({
        write() {
          counts[index] += 1;
          return {};
        },
      });
    }
    const first = await serveGrpc({ routes: counting(0) });
    // All of 127.0.0.0/8 is this machine; both replicas have the same port, as behind a headless service.
    const second = await startGrpcServer({ routes: counting(1) }, { host: '127.0.0.2', port: first.port });
    closeLater(() => second.close());
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    const lookup = jest.spyOn(dns.promises, 'lookup').mockResolvedValue(addresses as never);
    const client = dial(`dns:///booking.mawid.test:${first.port}`);
    while (Math.min(...counts) === 0) await client.write({});
    const before = [...counts];
    for (let i = 0; i < 20; i++) await client.write({});
    expect(lookup.mock.calls[0]?.[0]).toBe('booking.mawid.test');
    lookup.mockRestore();
    expect(counts.map((count, i) => count - (before[i] ?? 0))).toEqual([10, 10]);
  });

  it('that nobody knows fail with UNAVAILABLE and say no name', async () => {
    const client = dial('dns:///no-such-host.invalid:1', { retries: false });
    const error = await errorOf(client.write({}, { timeoutMs: 3_000 }));
    expect([Code.Unavailable, Code.DeadlineExceeded]).toContain(error.code);
    expect(error.rawMessage).not.toContain('no-such-host');
  });

  it('move to a server that comes back, and to another when one has gone, without a failed call', async () => {
    const { counts, servers } = await serveTwo({ maxConnectionAgeMs: 40 });
    const [first, second] = servers;
    const client = dial(`ipv4:127.0.0.1:${first?.port},127.0.0.1:${second?.port}`);
    const load = startLoad(8, (text) => client.write({ text }));
    await until(() => Math.min(...counts) > 20);
    await first?.drain(2_000);
    const seen = [...counts];
    await until(() => (counts[1] ?? 0) > (seen[1] ?? 0) + 20);
    expect(counts[0]).toBe(seen[0]);
    await serveGrpc({ routes: echoRoutes({ write: () => ({ text: 'back' }) }) }, first?.port);
    for (let text = ''; text !== 'back'; ) text = (await client.write({})).text;
    expect((await load.stop()).failures).toEqual([]);
  });
});
