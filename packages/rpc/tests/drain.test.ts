import { setTimeout as wait } from 'node:timers/promises';
import { Code, type ConnectError } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, dial, serveGrpc } from './fixture.ts';
import { startLoad } from './load.ts';
import { until } from './until.ts';

afterEach(closeAll);

describe('drain', () => {
  it.each([1, 8, 64, 400])('fails no call and runs none twice, %i in flight, server after server', async (width) => {
    const runs = new Map<string, number>();
    async function serve() {
      const seen = { calls: 0 };
      const routes = echoRoutes({
        async write(request) {
          seen.calls += 1;
          runs.set(request.text, (runs.get(request.text) ?? 0) + 1);
          await wait(Math.random() * 4);
          return { text: request.text };
        },
      });
      return { seen, server: await serveGrpc({ routes }) };
    }
    const instances = await Promise.all(Array.from({ length: 8 }, serve));
    const addresses = instances.map(({ server }) => `127.0.0.1:${server.port}`);
    const client = dial(`ipv4:${addresses.join(',')}`, { retries: false });
    const load = startLoad(width, (text) => client.write({ text }));
    for (const { server, seen } of instances.slice(1)) {
      await until(() => seen.calls > 0);
      await wait(Math.random() * 20);
      await server.drain(2_000);
    }
    const { count, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(runs.size).toBe(count);
    expect([...runs.values()].filter((times) => times !== 1)).toEqual([]);
  });

  it('lets calls in flight end, and takes no new connection', async () => {
    const routes = echoRoutes({
      async write(request) {
        await wait(150);
        return { text: request.text };
      },
    });
    const server = await serveGrpc({ routes });
    const call = dial(server.port).write({ text: 'slow' });
    await wait(50);
    const drained = server.drain(1_000);
    const error = await errorOf(dial(server.port, { retries: false }).write({ text: 'late' }));
    expect(error.code).toBe(Code.Unavailable);
    expect((await call).text).toBe('slow');
    await drained;
  });

  it('cuts what outlasts its grace time, and tells its handler', async () => {
    let reason: unknown;
    const routes = echoRoutes({
      write: (_, context) =>
        new Promise((_, reject) => {
          context.signal.addEventListener('abort', () => {
            reason = context.signal.reason;
            reject(context.signal.reason);
          });
        }),
    });
    const server = await serveGrpc({ routes });
    const call = errorOf(dial(server.port).write({ text: 'endless' }, { timeoutMs: 4_000 }));
    await wait(50);
    const start = Date.now();
    await server.drain(200);
    expect(Date.now() - start).toBeLessThan(1_000);
    expect((await call).code).toBe(Code.Unavailable);
    await until(() => reason !== undefined);
    expect((reason as ConnectError).code).toBe(Code.Canceled);
  });

  it('may be asked for twice, and after close', async () => {
    const server = await serveGrpc({ routes: echoRoutes() });
    await Promise.all([server.drain(100), server.drain(100)]);
    await server.close();
  });
});
