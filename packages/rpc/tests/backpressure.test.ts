import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes } from './echo-service.ts';
import { closeAll, connect, wires } from './fixture.ts';
import { until } from './until.ts';

afterEach(closeAll);

/** Noise, for what compresses well may be ahead by a lot. */
const padding = crypto.getRandomValues(new Uint8Array(65_536));

/** A gigabyte of them; nobody must hold more than a few dozen at a time. */
const endless = 16_384;
const bound = 120;

/** Waits until a count has stood still for a while; returns it. */
async function settledCount(count: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = count();
    if (now === last && now > 0) return now;
    last = now;
    await wait(250);
  }
}

describe.each(wires)('back pressure by %s', (wire) => {
  it('holds a server back whose answers are not read', async () => {
    let made = 0;
    let finished = false;
    const routes = echoRoutes({
      async *repeat() {
        try {
          for (; made < endless; made++) yield { padding };
        } finally {
          finished = true;
        }
      },
    });
    const client = await connect(wire, { routes });
    const controller = new AbortController();
    const answers = client.repeat({}, { signal: controller.signal, timeoutMs: 0 })[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) await answers.next();
    const held = await settledCount(() => made);
    expect(held).toBeLessThan(bound);
    for (let i = 0; i < 50; i++) await answers.next();
    expect(await settledCount(() => made)).toBeGreaterThan(50);
    controller.abort();
    await until(() => finished);
  });

  it('holds a client back whose requests are not read', async () => {
    let made = 0;
    const routes = echoRoutes({
      async join(requests, context) {
        for await (const _ of requests) {
          await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        }
        return {};
      },
    });
    const client = await connect(wire, { routes });
    const controller = new AbortController();
    async function* requests() {
      for (; made < endless; made++) yield { padding };
    }
    const call = client.join(requests(), { signal: controller.signal, timeoutMs: 20_000 }).catch(() => 'ended');
    expect(await settledCount(() => made)).toBeLessThan(bound);
    controller.abort();
    expect(await call).toBe('ended');
  });
});

describe('back pressure by gRPC', () => {
  it('holds a server back by bytes, not by messages', async () => {
    let made = 0;
    const routes = echoRoutes({
      async *repeat() {
        for (; ; made++) yield { padding: new Uint8Array(4_000_000) };
      },
    });
    const client = await connect('gRPC', { routes });
    const controller = new AbortController();
    const answers = client.repeat({}, { signal: controller.signal, timeoutMs: 0 })[Symbol.asyncIterator]();
    await answers.next();
    // One that is being read, one that is being written, one that waits.
    expect(await settledCount(() => made)).toBeLessThan(6);
    controller.abort();
  });
});
