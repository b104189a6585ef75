import { connect as tcpConnect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { clone, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type HandlerContext } from '@connectrpc/connect';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { critical } from '@mawid/contracts/gen/mawid/options/v1/options_pb.js';
import { Health } from '../src/gen/grpc/health/v1/health_pb.js';
import {
  createGrpcTransport,
  createOverloadGate,
  type OverloadGate,
  type Routes,
  type ShedReason,
} from '../src/index.ts';
import type { LoopReading } from '../src/overload/event-loop.ts';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, closeLater, connect, dial, serveGrpc, serveHttp, wires } from './fixture.ts';
import { EchoService, file_echo } from './gen/echo_pb.js';
import { until } from './until.ts';

jest.setTimeout(60_000);
afterEach(closeAll);

/** A gate that refuses all it may, until it is told otherwise. */
function closedGate() {
  let tell: (reading: LoopReading) => void = () => undefined;
  const shed: ShedReason[] = [];
  const gate = createOverloadGate({
    patienceMs: 0,
    random: () => 0.999,
    onShed: (reason) => shed.push(reason),
    watch: (onReading) => {
      tell = onReading;
      return () => undefined;
    },
  });
  function turn(delayMs: number): void {
    for (let i = 0; i < 30; i++) tell({ at: i, delayMs, utilization: 1 });
  }
  turn(10_000);
  return { gate, shed, open: () => turn(0) };
}

/** The echo service with a critical `Write`. */
function criticalEcho(): typeof EchoService {
  const proto = clone(FileDescriptorProtoSchema, file_echo.proto);
  const method = proto.service[0]?.method.find(({ name }) => name === 'Write');
  if (method === undefined) throw new Error('the echo service has no Write');
  method.options ??= clone(FileDescriptorProtoSchema, proto).service[0]?.method[0]?.options;
  if (method.options === undefined) throw new Error('no options to copy');
  setExtension(method.options, critical, true);
  const service = createFileRegistry(proto, () => undefined).getService(EchoService.typeName);
  return service as unknown as typeof EchoService;
}

const critically: Routes = (router) => {
  router.service(criticalEcho(), {
    echo: ({ text }) => ({ text }),
    write: ({ text }) => ({ text }),
  });
};

describe('an overloaded server', () => {
  it.each(wires)('refuses by %s with UNAVAILABLE and a time, and runs nothing', async (wire) => {
    const seen: string[] = [];
    const { gate, open } = closedGate();
    const client = await connect(wire, {
      routes: echoRoutes(),
      overload: gate,
      interceptors: [
        (next) => (request) => {
          seen.push(request.method.name);
          return next(request);
        },
      ],
    });
    const error = await errorOf(client.write({ text: 'a' }));
    expect(error.code).toBe(Code.Unavailable);
    expect(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(1n);
    const streamed = await errorOf(client.repeat({ text: 'a', times: 1 })[Symbol.asyncIterator]().next());
    expect(streamed.code).toBe(Code.Unavailable);
    expect([seen, gate.inFlight('unary'), gate.inFlight('stream')]).toEqual([[], 0, 0]);
    open();
    expect((await client.write({ text: 'b' })).text).toBe('b');
    await until(() => gate.inFlight('unary') === 0);
  });

  it('refuses client-streaming and bidirectional calls alike', async () => {
    const { gate } = closedGate();
    const client = dial((await serveGrpc({ routes: echoRoutes(), overload: gate })).port);
    async function* requests() {
      yield { text: 'a' };
    }
    expect((await errorOf(client.join(requests()))).code).toBe(Code.Unavailable);
    expect((await errorOf(client.chat(requests())[Symbol.asyncIterator]().next())).code).toBe(Code.Unavailable);
  });

  it('answers health and critical methods, on both wires', async () => {
    const { gate } = closedGate();
    const options = { routes: critically, overload: gate };
    const { port } = await serveGrpc(options);
    const transport = createGrpcTransport(`127.0.0.1:${port}`, { retries: false });
    closeLater(() => transport.close());
    expect((await createClient(Health, transport).check({})).status).toBe(1);
    const client = dial(port, { retries: false });
    expect((await client.write({ text: 'refresh' })).text).toBe('refresh');
    expect((await errorOf(client.echo({}))).code).toBe(Code.Unavailable);
    const baseUrl = await serveHttp(options);
    const post = (path: string) =>
      fetch(`${baseUrl}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect((await post('grpc.health.v1.Health/Check')).status).toBe(200);
    expect((await post(`${EchoService.typeName}/Write`)).status).toBe(200);
    const refused = await post(`${EchoService.typeName}/Echo`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('is not called again before the time it has asked for', async () => {
    const { gate, shed } = closedGate();
    const { port } = await serveGrpc({ routes: echoRoutes(), overload: gate });
    const client = dial(port, { retries: { baseDelayMs: 1 } });
    const results = await Promise.all(Array.from({ length: 20 }, () => errorOf(client.echo({}, { timeoutMs: 900 }))));
    // A second is more than the calls have left: none waits for it, none comes back sooner.
    expect(new Set(results.map((error) => error.code))).toEqual(new Set([Code.Unavailable]));
    expect(shed.length).toBe(20);
    expect(gate.inFlight('unary')).toBe(0);
  });

  it('counts a call until its handler has ended, not until its caller has left', async () => {
    const gate = createOverloadGate({ maxDelayMs: 0, maxConcurrentCalls: 2 });
    const handler = Promise.withResolvers<void>();
    const write = async () => {
      await handler.promise;
      return {};
    };
    const { port } = await serveGrpc({ routes: echoRoutes({ write }), overload: gate });
    const client = dial(port, { retries: false });
    const leaving = new AbortController();
    const calls = [1, 2].map(() => errorOf(client.write({}, { signal: leaving.signal })));
    await until(() => gate.inFlight('unary') === 2);
    leaving.abort();
    await Promise.all(calls);
    expect((await errorOf(client.echo({}))).code).toBe(Code.Unavailable);
    handler.resolve();
    await until(() => gate.inFlight('unary') === 0);
    expect((await client.echo({ text: 'again' })).text).toBe('again');
  });

  it('counts no request over HTTP/1.1 that was sent behind another on a connection that broke', async () => {
    const gate = createOverloadGate({ maxDelayMs: 0 });
    const handler = Promise.withResolvers<void>();
    const ends: (Code | undefined)[] = [];
    const write = async (_: unknown, { signal }: HandlerContext) => {
      signal.addEventListener('abort', () => ends.push(ConnectError.from(signal.reason).code));
      await handler.promise;
      return {};
    };
    const { port } = new URL(await serveHttp({ routes: echoRoutes({ write }), overload: gate }));
    const socket = tcpConnect(Number(port), '127.0.0.1');
    const head = `POST /${EchoService.typeName}/Write HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    socket.write(`${head}Content-Length: 2\r\n\r\n{}`.repeat(3));
    await until(() => gate.inFlight('unary') === 3);
    socket.destroy();
    await until(() => gate.inFlight('unary') === 0 && ends.length === 3);
    expect(ends).toEqual([Code.Canceled, Code.Canceled, Code.Canceled]);
    handler.resolve();
  });

  it('frees the place of a call whose error nobody can be told of', async () => {
    const gate = createOverloadGate({ maxDelayMs: 0 });
    const fail = () => {
      throw new Error('inner words');
    };
    const routes: Routes = (router) => void router.service(EchoService, { write: fail, repeat: fail, join: fail });
    const { port } = await serveGrpc({ routes, overload: gate, onError: fail });
    const client = dial(port, { retries: false });
    async function* requests() {
      yield { text: 'a' };
    }
    const calls = [client.write({}), client.repeat({})[Symbol.asyncIterator]().next(), client.join(requests())];
    for (const error of await Promise.all(calls.map((call: Promise<unknown>) => errorOf(call)))) {
      expect([error.code, error.rawMessage]).toEqual([Code.Internal, 'internal error']);
    }
    await until(() => gate.inFlight('unary') + gate.inFlight('stream') === 0);
  });

  it.each(['ended', 'left'])('lets streams leave that were %s', async (how) => {
    const gate = createOverloadGate({ maxDelayMs: 0 });
    const { port } = await serveGrpc({ routes: echoRoutes(), overload: gate });
    const leaving = new AbortController();
    const answers = dial(port).repeat({ text: 'a', times: how === 'left' ? 1_000_000 : 3 }, { signal: leaving.signal });
    try {
      for await (const _ of answers) if (how === 'left') leaving.abort();
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
    }
    await until(() => gate.inFlight('stream') === 0);
    expect(gate.inFlight('unary')).toBe(0);
  });
});

describe('a server whose handlers burn the processor', () => {
  it('refuses some, answers the critical, and takes everything again afterwards', async () => {
    const gate = createOverloadGate({ maxDelayMs: 20, patienceMs: 100 });
    closeLater(() => gate.close());
    const routes: Routes = (router) => {
      router.service(criticalEcho(), {
        write: ({ text }) => ({ text }),
        echo: ({ text }) => {
          burn(3);
          return { text };
        },
      });
    };
    const { port } = await serveGrpc({ routes, overload: gate });
    const client = dial(port, { retries: false, defaultDeadlineMs: 30_000 });
    const outcomes = await loadUntilRefused(client, gate);
    expect([...outcomes.keys()].sort()).toEqual(['answered', 'critical', Code[Code.Unavailable]].sort());
    await until(() => gate.share === 1);
    for (let i = 0; i < 50; i++) {
      expect((await client.echo({ text: 'calm' })).text).toBe('calm');
      await nextTurn();
    }
  });
});

function burn(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** 64 callers at once, until a hundred calls were refused and as many answered; how many ended how. */
async function loadUntilRefused(client: ReturnType<typeof dial>, gate: OverloadGate): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const least = () => Math.min(outcomes.get('answered') ?? 0, outcomes.get(Code[Code.Unavailable]) ?? 0);
  const deadline = Date.now() + 40_000;
  async function call(): Promise<void> {
    while (least() < 100 && Date.now() < deadline) {
      await client.echo({}).then(
        () => count('answered'),
        (error: ConnectError) => count(Code[error.code] ?? 'unknown'),
      );
      if (gate.share === 1) continue;
      await client.write({}).then(
        () => count('critical'),
        (error: ConnectError) => count(`critical ${error.message}`),
      );
    }
  }
  await Promise.all(Array.from({ length: 64 }, call));
  return outcomes;
}
