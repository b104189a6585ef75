import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allOf, echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, closeLater, connect, dial, serveGrpc } from './fixture.ts';
import { EchoRequestSchema } from './gen/echo_pb.js';
import { callRaw, serveRaw, toFrame } from './raw-http2.ts';

afterEach(closeAll);

const path = '/mawid.rpctest.v1.EchoService/Echo';
const zeros = Buffer.from(toBinary(EchoRequestSchema, create(EchoRequestSchema, { padding: new Uint8Array(5_000) })));

/** 240 MB of zeros in less than 256 KiB, as fifteen members of one gzip file. */
const bomb = Buffer.concat(Array(15).fill(gzipSync(Buffer.alloc(16_000_000), { level: 9 })));

/** The most memory outside of the heap while something runs, beyond what there was, in bytes. */
async function peakWhile<T>(run: () => Promise<T>): Promise<{ result: T; bytes: number }> {
  const before = process.memoryUsage().external;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().external);
  }, 1);
  const result = await run();
  clearInterval(timer);
  return { result, bytes: most - before };
}

describe('compressed requests', () => {
  it.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
  ])('in %s are read', async (encoding, body) => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    const { trailer } = await callRaw(port, path, {
      headers: { 'grpc-encoding': encoding },
      body: toFrame(body, true),
    });
    expect(trailer['grpc-status']).toBe('0');
  });

  it('in an encoding that is not known are refused with UNIMPLEMENTED', async () => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    const headers = { 'grpc-encoding': 'zstd' };
    const { header } = await callRaw(port, path, { headers, body: toFrame(zeros, true) });
    expect(header['grpc-status']).toBe(`${Code.Unimplemented}`);
  });

  it('that are broken are refused', async () => {
    const { port } = await serveGrpc({ routes: echoRoutes() });
    const headers = { 'grpc-encoding': 'gzip' };
    const { header } = await callRaw(port, path, { headers, body: toFrame(zeros, true) });
    expect(header['grpc-status']).toBe(`${Code.Internal}`);
  });

  it('that inflate beyond the limit are refused before they have', async () => {
    let calls = 0;
    const routes = echoRoutes({
      echo() {
        calls += 1;
        return {};
      },
    });
    expect(bomb.byteLength).toBeLessThan(262_144);
    const { port } = await serveGrpc({ routes });
    const { result, bytes } = await peakWhile(() =>
      callRaw(port, path, { headers: { 'grpc-encoding': 'gzip' }, body: toFrame(bomb, true) }),
    );
    expect(result.header['grpc-status']).toBe(`${Code.ResourceExhausted}`);
    expect(bytes).toBeLessThan(20_000_000);
    expect(calls).toBe(0);
  });

  it.each([
    ['gzip', bomb],
    ['br', brotliCompressSync(Buffer.alloc(100_000_000))],
  ])('that inflate beyond the limit are refused over HTTP/1.1 too: %s', async (encoding, body) => {
    const child = fork(join(import.meta.dirname, 'http-process.ts'), { execArgv: [] });
    closeLater(() => void child.kill('SIGKILL'));
    const [port] = await once(child, 'message');
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/proto', 'content-encoding': encoding },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({ code: 'resource_exhausted' });
    child.send('peak');
    expect((await once(child, 'message'))[0]).toBeLessThan(30_000_000);
  });
});

describe('compressed answers', () => {
  const routes = echoRoutes({
    echo: ({ text }) => ({ padding: new Uint8Array(Number(text) || 5_000) }),
    async *repeat() {
      for (const size of [10, 5_000, 10]) yield { padding: new Uint8Array(size) };
    },
  });
  const accepting = { 'grpc-accept-encoding': 'identity, gzip' };

  it('are sent to those who read gzip, the large ones alone', async () => {
    const { port } = await serveGrpc({ routes, gzipAnswersFrom: 1024 });
    const unary = await callRaw(port, path, { headers: accepting, body: toFrame(Buffer.alloc(0)) });
    expect(unary).toMatchObject({ header: { 'grpc-encoding': 'gzip' }, compressed: [true] });
    const stream = await callRaw(port, '/mawid.rpctest.v1.EchoService/Repeat', {
      headers: accepting,
      body: toFrame(Buffer.alloc(0)),
    });
    expect(stream).toMatchObject({ header: { 'grpc-encoding': 'gzip' }, compressed: [false, true, false] });
  });

  it('are not sent to others, nor without being asked for, nor when they would be larger', async () => {
    const body = toFrame(Buffer.alloc(0));
    const willing = await serveGrpc({ routes, gzipAnswersFrom: 1024 });
    const claimed = { 'x-mawid-reads-gzip': '1' };
    expect((await callRaw(willing.port, path, { headers: claimed, body })).compressed).toEqual([false]);
    const usual = await serveGrpc({ routes });
    expect((await callRaw(usual.port, path, { headers: accepting, body })).compressed).toEqual([false]);
    const noise = echoRoutes({ echo: () => ({ padding: crypto.getRandomValues(new Uint8Array(5_000)) }) });
    const noisy = await serveGrpc({ routes: noise, gzipAnswersFrom: 1024 });
    expect((await callRaw(noisy.port, path, { headers: accepting, body })).compressed).toEqual([false]);
  });

  it('leave errors and headers as they are, and no mark of ours in them', async () => {
    const seen: string[] = [];
    const failing = echoRoutes({
      echo(request, context) {
        seen.push(...context.requestHeader.keys());
        context.responseHeader.set('x-own', 'yes');
        return { text: request.text };
      },
    });
    const client = await connect('gRPC', { routes: failing, gzipAnswersFrom: 0 });
    let own: string | null = null;
    const options = {
      onHeader: (header: Headers) => {
        own = header.get('x-own');
      },
    };
    expect((await client.echo({ text: 'x'.repeat(2_000) }, options)).text).toHaveLength(2_000);
    expect(own).toBe('yes');
    expect(seen.filter((name) => name.includes('gzip'))).toEqual([]);
  });

  it('that inflate beyond the limit are refused by our client before they have', async () => {
    const server = await serveRaw({ 'grpc-encoding': 'gzip' }, toFrame(bomb, true));
    closeLater(() => server.close());
    const client = dial(server.port);
    const unary = await peakWhile(() => errorOf(client.write({})));
    expect(unary.result.code).toBe(Code.ResourceExhausted);
    expect(unary.bytes).toBeLessThan(40_000_000);
    const stream = await peakWhile(() => errorOf(allOf(client.repeat({}))));
    expect(stream.result.code).toBe(Code.ResourceExhausted);
    expect(stream.bytes).toBeLessThan(40_000_000);
  });
});
