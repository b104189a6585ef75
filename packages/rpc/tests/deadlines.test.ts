import { setTimeout as wait } from 'node:timers/promises';
import { Code, type HandlerContext } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allOf, echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, connect, dial, serveGrpc, type Wire, wires } from './fixture.ts';
import { until } from './until.ts';

afterEach(closeAll);

/** Answers with the time that is left. */
const timing = echoRoutes({ echo: (_, context) => ({ text: String(context.timeoutMs()) }) });

async function timeLeft(
  wire: Wire,
  limits: { defaultDeadlineMs?: number; maxDeadlineMs?: number },
  timeoutMs?: number,
) {
  const client = await connect(wire, { routes: timing, ...limits });
  const response = await client.echo({}, timeoutMs === undefined ? {} : { timeoutMs });
  return Number(response.text);
}

describe.each(wires)('deadlines by %s', (wire) => {
  it('of the caller reach the handler', async () => {
    const left = await timeLeft(wire, {}, 2_000);
    expect(left).toBeGreaterThan(1_500);
    expect(left).toBeLessThanOrEqual(2_000);
  });

  it('are capped', async () => {
    expect(await timeLeft(wire, { maxDeadlineMs: 700 }, 20_000)).toBeLessThanOrEqual(700);
  });

  it('abort the signal and end the call, whatever the handler does', async () => {
    let reason: unknown;
    const routes = echoRoutes({
      async echo(_, context) {
        context.signal.addEventListener('abort', () => {
          reason = context.signal.reason;
        });
        await wait(1_000);
        return {};
      },
    });
    const client = await connect(wire, { routes, maxDeadlineMs: 100 });
    const start = Date.now();
    const error = await errorOf(client.echo({}, { timeoutMs: 5_000 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(Date.now() - start).toBeLessThan(800);
    expect(reason).toMatchObject({ code: Code.DeadlineExceeded });
  });
});

describe('deadlines', () => {
  it.each(['Connect JSON', 'gRPC-Web'] as const)('are given to calls without one by %s', async (wire) => {
    expect(await timeLeft(wire, { defaultDeadlineMs: 900 })).toBeLessThanOrEqual(900);
  });

  it('are always sent by our client', async () => {
    const server = await serveGrpc({ routes: timing });
    const left = Number((await dial(server.port, { defaultDeadlineMs: 1_200 }).echo({})).text);
    expect(left).toBeLessThanOrEqual(1_200);
    expect(left).toBeGreaterThan(700);
  });

  it('do not end a stream of answers that asked for none', async () => {
    const routes = echoRoutes({
      async *repeat(_, context) {
        yield { text: String(context.timeoutMs()) };
        await wait(250);
        yield { text: 'later' };
      },
    });
    const server = await serveGrpc({ routes, defaultDeadlineMs: 100, maxDeadlineMs: 100 });
    const answers = await allOf(dial(server.port, { defaultDeadlineMs: 100 }).repeat({}, { timeoutMs: 0 }));
    expect(answers.map((answer) => answer.text)).toEqual(['undefined', 'later']);
  });

  it('that have passed end a call before it is sent', async () => {
    let calls = 0;
    const routes = echoRoutes({
      echo() {
        calls += 1;
        return {};
      },
    });
    const server = await serveGrpc({ routes });
    expect((await errorOf(dial(server.port).echo({}, { timeoutMs: -5 }))).code).toBe(Code.DeadlineExceeded);
    expect(calls).toBe(0);
  });

  it.each([
    ['the signal alone', (context: HandlerContext) => ({ signal: context.signal })],
    ['signal and timeout', (context: HandlerContext) => ({ signal: context.signal, timeoutMs: context.timeoutMs() })],
  ])('are passed on over three hops with %s', async (_, pass) => {
    const ended: string[] = [];
    const left: number[] = [];
    async function hop(name: string, next: ReturnType<typeof dial> | undefined) {
      const routes = echoRoutes({
        async write(request, context) {
          left.push(context.timeoutMs() ?? Number.NaN);
          context.signal.addEventListener('abort', () => ended.push(name));
          await wait(30);
          if (next !== undefined) return next.write(request, pass(context));
          await wait(3_000, undefined, { signal: context.signal });
          return {};
        },
      });
      return dial((await serveGrpc({ routes })).port);
    }
    const client = await hop('first', await hop('second', await hop('third', undefined)));
    const error = await errorOf(client.write({}, { timeoutMs: 400 }));
    expect(error.code).toBe(Code.DeadlineExceeded);
    await until(() => ended.length === 3);
    expect(left).toHaveLength(3);
    expect(left[0]).toBeLessThanOrEqual(400);
    expect(left[1]).toBeLessThanOrEqual((left[0] ?? 0) - 25);
    expect(left[2]).toBeLessThanOrEqual((left[1] ?? 0) - 25);
  });

  it('are passed on from Connect calls to gRPC ones', async () => {
    const inner = dial((await serveGrpc({ routes: timing })).port);
    const routes = echoRoutes({ echo: (request, context) => inner.echo(request, { signal: context.signal }) });
    const outer = await connect('Connect JSON', { routes });
    expect(Number((await outer.echo({}, { timeoutMs: 600 })).text)).toBeLessThanOrEqual(600);
  });
});
