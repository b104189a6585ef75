import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, connect, dial, serveGrpc, wires } from './fixture.ts';
import { createGate } from './gate.ts';
import { until } from './until.ts';

afterEach(closeAll);

describe.each(wires)('cancelling by %s', (wire) => {
  it('a unary call aborts its handler', async () => {
    const entered = createGate();
    let aborted = false;
    const routes = echoRoutes({
      echo: (_, context) =>
        new Promise((_, reject) => {
          context.signal.addEventListener('abort', () => {
            aborted = true;
            reject(context.signal.reason);
          });
          entered.open();
        }),
    });
    const client = await connect(wire, { routes });
    const controller = new AbortController();
    const call = errorOf(client.echo({}, { signal: controller.signal }));
    await entered.opened;
    controller.abort();
    expect((await call).code).toBe(Code.Canceled);
    await until(() => aborted);
  });

  it('a stream of answers runs the generator to its end', async () => {
    let finished = false;
    const routes = echoRoutes({
      async *repeat() {
        try {
          for (let i = 0; ; i++) {
            yield { text: `${i}` };
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        } finally {
          finished = true;
        }
      },
    });
    const client = await connect(wire, { routes });
    const controller = new AbortController();
    const error = await errorOf(
      (async () => {
        for await (const answer of client.repeat({}, { signal: controller.signal })) {
          if (answer.text === '3') controller.abort();
        }
      })(),
    );
    expect(error.code).toBe(Code.Canceled);
    await until(() => finished);
  });
});

describe('cancelling by gRPC', () => {
  it('with a reason of our own keeps that reason', async () => {
    const client = await connect('gRPC', { routes: echoRoutes({ echo: () => new Promise(() => undefined) }) });
    const controller = new AbortController();
    const call = errorOf(client.echo({}, { signal: controller.signal }));
    controller.abort(new ConnectError('changed my mind', Code.Aborted));
    expect(await call).toMatchObject({ code: Code.Aborted, rawMessage: 'changed my mind' });
  });

  it('before the start sends nothing', async () => {
    let calls = 0;
    const routes = echoRoutes({
      echo() {
        calls += 1;
        return {};
      },
    });
    const client = await connect('gRPC', { routes });
    expect((await errorOf(client.echo({}, { signal: AbortSignal.abort() }))).code).toBe(Code.Canceled);
    expect(calls).toBe(0);
  });

  it('an outer call cancels the inner one', async () => {
    const entered = createGate();
    let aborted = false;
    const innerRoutes = echoRoutes({
      async echo(_, context) {
        context.signal.addEventListener('abort', () => {
          aborted = true;
        });
        entered.open();
        return new Promise(() => undefined);
      },
    });
    const inner = dial((await serveGrpc({ routes: innerRoutes })).port);
    const routes = echoRoutes({ echo: (request, context) => inner.echo(request, { signal: context.signal }) });
    const outer = await connect('gRPC', { routes });
    const controller = new AbortController();
    const call = errorOf(outer.echo({}, { signal: controller.signal }));
    await entered.opened;
    controller.abort();
    expect((await call).code).toBe(Code.Canceled);
    await until(() => aborted);
  });

  it('by leaving a loop over answers ends the call', async () => {
    let aborted = false;
    const routes = echoRoutes({
      async *chat(_, context) {
        context.signal.addEventListener('abort', () => {
          aborted = true;
        });
        for (let i = 0; ; i++) {
          yield { text: `${i}` };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
    });
    const client = await connect('gRPC', { routes });
    const controller = new AbortController();
    async function* silence() {
      await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
      yield* [];
    }
    for await (const answer of client.chat(silence(), { signal: controller.signal })) {
      if (answer.text === '2') break;
    }
    controller.abort();
    await until(() => aborted);
  });

  it('by leaving a loop over answers alone ends the call when the garbage is collected', async () => {
    let aborted = 0;
    let returned = 0;
    const routes = echoRoutes({
      async *repeat(_, context) {
        context.signal.addEventListener('abort', () => {
          aborted += 1;
        });
        for (let i = 0; ; i++) {
          yield { text: `${i}` };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
    });
    // Connect's own client never calls `return` on what a transport gave it.
    const counting: Interceptor = (next) => async (request) => {
      const response = await next(request);
      if (!response.stream) return response;
      const answers = response.message[Symbol.asyncIterator]();
      const message = {
        [Symbol.asyncIterator]: () => ({
          next: () => answers.next(),
          async return(value: unknown) {
            returned += 1;
            return { done: true as const, value };
          },
        }),
      };
      return { ...response, message };
    };
    const client = await connect('gRPC', { routes }, [counting]);
    async function leave(): Promise<void> {
      for await (const { text } of client.repeat({}, { timeoutMs: 0 })) if (text === '2') return;
    }
    await leave();
    expect([aborted, returned]).toEqual([0, 0]);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // When the engine lets go of something is its own affair: it may keep the last things it looked at, so more are left.
    for (let round = 0; round < 200 && aborted === 0; round++) {
      await leave();
      collect();
      await wait(20);
    }
    expect(aborted).toBeGreaterThan(0);
    expect(returned).toBe(0);
  });

  it('lets the error of the requests end the call', async () => {
    const client = await connect('gRPC', { routes: echoRoutes() });
    async function* requests() {
      yield { text: 'one' };
      throw new ConnectError('cannot read the file', Code.DataLoss);
    }
    expect(await errorOf(client.join(requests()))).toMatchObject({ code: Code.DataLoss });
  });
});
