import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes } from './echo-service.ts';
import { closeAll, dial, serveGrpc } from './fixture.ts';
import { until } from './until.ts';

afterEach(closeAll);

/** A server that takes 100 calls a connection, with a stream that stays until its caller leaves. */
async function serveStaying() {
  const counts = { streams: 0 };
  const routes = echoRoutes({
    echo: ({ text }) => ({ text }),
    async *repeat(_, { signal }) {
      counts.streams += 1;
      yield { text: 'there' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      counts.streams -= 1;
    },
  });
  const { port } = await serveGrpc({ routes, maxConcurrentStreams: 100 });
  return { counts, client: dial(port) };
}

describe('streams that last', () => {
  it('leave the places of a connection to other calls, and take connections of their own', async () => {
    const { counts, client } = await serveStaying();
    const leaving = new AbortController();
    const firsts = Array.from({ length: 205 }, async () => {
      const answers = client.repeat({}, { signal: leaving.signal, timeoutMs: 0 })[Symbol.asyncIterator]();
      return { text: (await answers.next()).value?.text, answers };
    });
    const open = await Promise.all(firsts);
    expect(open.map(({ text }) => text)).toEqual(Array.from({ length: 205 }, () => 'there'));
    expect((await client.echo({ text: 'me too' })).text).toBe('me too');
    leaving.abort();
    await until(() => counts.streams === 0);
    const again = client.repeat({}, { signal: AbortSignal.timeout(500), timeoutMs: 0 })[Symbol.asyncIterator]();
    expect((await again.next()).value?.text).toBe('there');
  });
});
