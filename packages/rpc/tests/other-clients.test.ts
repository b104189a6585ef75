import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport as createConnectNodeTransport } from '@connectrpc/connect-node';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allOf, echoRoutes, errorOf, itemsOf } from './echo-service.ts';
import { closeAll, serveGrpc, serveHttp } from './fixture.ts';
import { createGate } from './gate.ts';
import { ComplaintSchema, EchoRequestSchema, EchoResponseSchema, EchoService } from './gen/echo_pb.js';
import { InteropService } from './gen/interop_pb.js';
import { interopRoutes } from './interop/our-routes.ts';
import { createPlainCaller } from './interop/plain-caller.ts';
import { rawCall } from './raw-call.ts';
import { until } from './until.ts';

afterEach(closeAll);

describe('a plain grpc-js client', () => {
  it('gets answers', async () => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    const request = Buffer.from(toBinary(EchoRequestSchema, create(EchoRequestSchema, { text: 'مرحبا' })));
    const answer = await rawCall(port, 'Echo', request);
    expect(Buffer.isBuffer(answer) && fromBinary(EchoResponseSchema, answer).text).toBe('مرحبا');
  });

  it('gets errors with google.rpc.Status', async () => {
    const routes = echoRoutes({
      echo() {
        const detail = { desc: ComplaintSchema, value: { about: 'noise' } };
        throw new ConnectError('محجوز', Code.FailedPrecondition, { 'x-error': 'why' }, [detail]);
      },
    });
    const error = await rawCall((await serveGrpc({ routes })).port, 'Echo', Buffer.alloc(0));
    if (Buffer.isBuffer(error)) throw new Error('an answer');
    expect(error).toMatchObject({ code: Code.FailedPrecondition, details: 'محجوز' });
    expect(error.metadata.get('x-error')).toEqual(['why']);
    expect(error.metadata.get('grpc-status-details-bin')[0]).toBeInstanceOf(Buffer);
  });

  it('ends the handler by its cancel and by its deadline', async () => {
    const reasons: unknown[] = [];
    const entered = createGate();
    const routes = interopRoutes((context) => {
      context.signal.addEventListener('abort', () => reasons.push(context.signal.reason));
      entered.open();
    });
    const { port } = await serveGrpc({ routes });
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const call = createPlainCaller(client);
    const controller = new AbortController();
    const { unaryCall, streamingOutputCall } = InteropService.method;
    const cancelled = call(unaryCall, [{ waitMs: 5_000 }], { signal: controller.signal });
    await entered.opened;
    controller.abort();
    expect((await cancelled).error?.code).toBe(Code.Canceled);
    await until(() => reasons.length === 1);
    await call(unaryCall, [{ waitMs: 5_000 }], { timeoutMs: 60 });
    await until(() => reasons.length === 2);
    await call(streamingOutputCall, [{ answerSizes: [1, 1], waitMs: 5_000 }], { timeoutMs: 60 });
    await until(() => reasons.length === 3);
    client.close();
    // A client whose time is up cancels, which may arrive before the server's own clock has got there.
    const codes = reasons.map((reason) => (reason as ConnectError).code);
    expect(codes[0]).toBe(Code.Canceled);
    for (const code of codes.slice(1)) expect([Code.DeadlineExceeded, Code.Canceled]).toContain(code);
  });

  it('is told of methods that are not there', async () => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    expect(await rawCall(port, 'Nothing', Buffer.alloc(0))).toMatchObject({ code: Code.Unimplemented });
  });
});

describe("connect-node's gRPC client", () => {
  it('calls all four kinds, and gets error details', async () => {
    const routes = echoRoutes({
      write() {
        throw new ConnectError('no', Code.Aborted, undefined, [{ desc: ComplaintSchema, value: { about: 'noise' } }]);
      },
    });
    const baseUrl = `http://127.0.0.1:${(await serveGrpc({ routes })).port}`;
    const client = createClient(EchoService, createConnectNodeTransport({ baseUrl, idleConnectionTimeoutMs: 50 }));
    expect((await client.echo({ text: 'a' })).text).toBe('a');
    expect(await allOf(client.repeat({ times: 2 }))).toHaveLength(2);
    expect((await client.join(itemsOf({ text: 'a' }, { text: 'b' }))).text).toBe('a b');
    expect(await allOf(client.chat(itemsOf({ text: 'a' }, { text: 'b' })))).toHaveLength(2);
    expect((await errorOf(client.write({}))).findDetails(ComplaintSchema)).toHaveLength(1);
  });
});

describe('curl', () => {
  it('can POST JSON, and GET what has no side effects', async () => {
    const baseUrl = await serveHttp({ routes: echoRoutes() });
    const url = `${baseUrl}/mawid.rpctest.v1.EchoService/Echo`;
    const headers = { 'content-type': 'application/json' };
    const posted = await fetch(url, { method: 'POST', headers, body: '{"text":"hi"}' });
    expect(await posted.json()).toEqual({ text: 'hi' });
    const query = new URLSearchParams({ connect: 'v1', encoding: 'json', message: '{"text":"got"}' });
    const got = await fetch(`${url}?${query}`);
    expect(await got.json()).toEqual({ text: 'got' });
    const refused = await fetch(url, { method: 'POST', headers, body: '{"txt":' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: 'invalid_argument' });
  });
});
