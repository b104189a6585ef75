import { Agent, request as httpRequest } from 'node:http';
import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PortInUseError, startGrpcServer } from '../src/index.ts';
import { allOf, echoRoutes, errorOf, itemsOf } from './echo-service.ts';
import { closeAll, closeLater, connect, dial, serveGrpc, serveHttp, wires } from './fixture.ts';
import { createGate } from './gate.ts';
import { until } from './until.ts';

afterEach(closeAll);

const limit = 262_144;

describe.each(wires)('message sizes by %s', (wire) => {
  it('refuse a request above 256 KiB before its handler', async () => {
    let calls = 0;
    const routes = echoRoutes({
      echo() {
        calls += 1;
        return {};
      },
    });
    const options = { routes };
    const client =
      wire === 'gRPC'
        ? dial((await serveGrpc(options)).port, { maxRequestBytes: 10 * limit })
        : await connect(wire, options);
    const error = await errorOf(client.echo({ padding: new Uint8Array(limit + 1) }));
    expect(error.code).toBe(Code.ResourceExhausted);
    expect(calls).toBe(0);
  });

  it('let an answer of 3 MB through and refuse one above 4 MiB', async () => {
    let size = wire === 'Connect JSON' ? 2_000_000 : 3_000_000;
    const routes = echoRoutes({ echo: () => ({ padding: new Uint8Array(size) }) });
    const client = await connect(wire, { routes });
    expect((await client.echo({})).padding).toHaveLength(size);
    size = 16 * limit + 1;
    expect((await errorOf(client.echo({}))).code).toBe(Code.ResourceExhausted);
  });

  it('let just less through', async () => {
    const client = await connect(wire, { routes: echoRoutes() });
    // Room for the field's own bytes, and in JSON for base64.
    const padding = new Uint8Array(wire === 'Connect JSON' ? 190_000 : limit - 16);
    expect((await client.echo({ padding })).padding).toHaveLength(padding.length);
  });
});

describe.each(['gRPC', 'Connect JSON'] as const)('an answer that is too large, by %s', (wire) => {
  it('ends the generator that gave it', async () => {
    let ended = false;
    const routes = echoRoutes({
      async *repeat() {
        try {
          yield { text: 'small' };
          yield { padding: new Uint8Array(5_000_000) };
        } finally {
          ended = true;
        }
      },
    });
    const client = await connect(wire, { routes });
    expect((await errorOf(allOf(client.repeat({})))).code).toBe(Code.ResourceExhausted);
    await until(() => ended);
  });
});

describe('a request over HTTP/1.1 that is too large', () => {
  it('leaves its connection to the next one', async () => {
    const url = await serveHttp({ routes: echoRoutes() });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    closeLater(() => agent.destroy());
    const post = (body: string) =>
      new Promise<{ status: number | undefined; reused: boolean }>((resolve, reject) => {
        // Without a length, the server learns while it reads that this is too much.
        const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
        const sent = httpRequest(`${url}/mawid.rpctest.v1.EchoService/Echo`, { method: 'POST', agent, headers });
        sent.on('error', reject).on('response', (response) => {
          response.resume().on('end', () => resolve({ status: response.statusCode, reused: sent.reusedSocket }));
        });
        sent.end(body);
      });
    expect((await post(JSON.stringify({ text: 'x'.repeat(3_000_000) }))).status).toBe(429);
    expect(await post('{"text":"next"}')).toEqual({ status: 200, reused: true });
  });
});

describe('bytes that are no message, over HTTP/1.1', () => {
  it('answer INTERNAL, as connect-es has it', async () => {
    const url = await serveHttp({ routes: echoRoutes() });
    const answer = await fetch(`${url}/mawid.rpctest.v1.EchoService/Echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/proto' },
      body: Buffer.from([0xff, 0xff, 0xff]),
    });
    expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
  });
});

describe('limits by gRPC', () => {
  it('hold inside of streams, both ways', async () => {
    const server = await serveGrpc({ routes: echoRoutes() });
    const padding = new Uint8Array(limit + 1);
    const generous = dial(server.port, { maxRequestBytes: 10 * limit });
    expect((await errorOf(generous.join(itemsOf({ padding })))).code).toBe(Code.ResourceExhausted);
    const ours = dial(server.port);
    expect((await errorOf(allOf(ours.chat(itemsOf({ padding }))))).code).toBe(Code.ResourceExhausted);
    expect((await errorOf(ours.echo({ padding }))).code).toBe(Code.ResourceExhausted);
  });

  it('run no more than the given number of calls of one connection at once', async () => {
    const gate = createGate();
    let running = 0;
    let most = 0;
    const routes = echoRoutes({
      async echo(request) {
        running += 1;
        most = Math.max(most, running);
        await gate.opened;
        running -= 1;
        return { text: request.text };
      },
    });
    const client = dial((await serveGrpc({ routes, maxConcurrentStreams: 5 })).port);
    const calls = Array.from({ length: 20 }, (_, i) => client.echo({ text: `${i}` }));
    await until(() => running === 5);
    gate.open();
    expect(await Promise.all(calls)).toHaveLength(20);
    expect(most).toBe(5);
  });

  it('close a connection of age without failing a call', async () => {
    const server = await serveGrpc({ routes: echoRoutes(), maxConnectionAgeMs: 40 });
    const client = dial(server.port);
    const end = Date.now() + 600;
    while (Date.now() < end) await client.write({ text: 'x' });
  });

  it('name a port that is taken', async () => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    const second = startGrpcServer({ routes: echoRoutes() }, { host: '127.0.0.1', port });
    await expect(second).rejects.toBeInstanceOf(PortInUseError);
    await expect(second).rejects.toMatchObject({ port });
  });

  it('refuse bytes that are no message', async () => {
    const routes = echoRoutes();
    const { port } = await serveGrpc({ routes });
    const { rawCall } = await import('./raw-call.ts');
    expect(await rawCall(port, 'Echo', Buffer.from([0xff, 0xff, 0xff]))).toMatchObject({ code: Code.InvalidArgument });
  });
});
