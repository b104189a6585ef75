import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { CatalogService } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { runGrpcCall } from '../../../scripts/grpc/run-grpc-call.ts';
import { createEndlessCalls } from '../src/endless-calls.ts';
import { ServerReflection as ServerReflectionAlpha } from '../src/gen/grpc/reflection/v1alpha/reflection_pb.js';
import { addRoutes } from '../src/grpc-service.ts';
import { provenPeer } from '../src/index.ts';
import { createReflection } from '../src/reflection.ts';
import { collectRoutes } from '../src/routes.ts';
import { echoRoutes } from './echo-service.ts';
import { closeAll, closeLater, serveGrpc } from './fixture.ts';
import { ComplaintSchema, EchoService } from './gen/echo_pb.js';
import { interopRoutes } from './interop/our-routes.ts';
import { certify, issueTo, serve } from './tls/secured.ts';

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command as its script does. */
async function run(port: number, args: string[], input = ''): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runGrpcCall([`127.0.0.1:${port}`, ...args], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    readInput: async () => input,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const echo = echoRoutes({
  write() {
    throw new ConnectError('محجوز', Code.FailedPrecondition, { 'x-error': 'why' }, [
      { desc: ErrorInfoSchema, value: { reason: 'SLOT_TAKEN', domain: 'mawid' } },
      { desc: ComplaintSchema, value: { about: 'noise' } },
    ]);
  },
  echo(request, context) {
    context.responseTrailer.set('x-trailer', 'last');
    return { text: `${request.text} ${context.requestHeader.get('x-user')} ${Number(context.timeoutMs()) <= 700}` };
  },
});

describe('grpc-call', () => {
  let port = 0;
  beforeAll(async () => {
    const interop = interopRoutes();
    const server = await serveGrpc({
      routes: (router) => [echo(router), interop(router), router.service(CatalogService, {})],
    });
    port = server.port;
  });
  afterAll(closeAll);

  it('lists the services', async () => {
    const { out, code } = await run(port, ['list']);
    expect(out.split('\n')).toEqual([
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'mawid.booking.v1.CatalogService',
      'mawid.rpctest.interop.v1.InteropService',
      'mawid.rpctest.v1.EchoService',
    ]);
    expect(code).toBe(0);
  });

  it('describes a service with its own options, a method and a message', async () => {
    const service = await run(port, ['describe', 'mawid.rpctest.interop.v1.InteropService']);
    expect(service.out).toContain('option (mawid.rpctest.interop.v1.shows) = "the smallest message";');
    expect(service.out).toContain('option idempotency_level = NO_SIDE_EFFECTS;');
    const method = await run(port, ['describe', 'mawid.rpctest.v1.EchoService/Repeat']);
    expect(method.out).toBe(
      'rpc Repeat(mawid.rpctest.v1.RepeatRequest) returns (stream mawid.rpctest.v1.EchoResponse);',
    );
    const message = await run(port, ['describe', 'mawid.rpctest.interop.v1.EndStatus']);
    expect(message.out.split('\n')).toEqual([
      'message mawid.rpctest.interop.v1.EndStatus {',
      '  int32 code = 1;',
      '  string message = 2;',
      '  repeated mawid.rpctest.interop.v1.Detail details = 3;',
      '}',
    ]);
  });

  it('describes a service of ours with its access rules and routes', async () => {
    const { out, err } = await run(port, ['describe', 'mawid.booking.v1.CatalogService/ListSalons']);
    expect(err).toBe('');
    expect(out).toMatch(/option \(mawid\.options\.v1\.access\) = \{.+\};/);
    expect(out).toMatch(/option \(google\.api\.http\) = \{"get":"\/api\/salons/);
  });

  it('calls with JSON, headers and a deadline, and shows what came with the answer', async () => {
    const args = ['call', 'mawid.rpctest.v1.EchoService/Echo', '{"text":"مرحبا"}', '-H', 'x-user: Noura'];
    const { out, err, code } = await run(port, [...args, '--deadline', '700', '-v']);
    expect(JSON.parse(out)).toEqual({ text: 'مرحبا Noura true', padding: '' });
    expect(err).toContain('trailer x-trailer: last');
    expect(code).toBe(0);
  });

  it('is a command that reads its input and fails by its exit code', async () => {
    const script = join(import.meta.dirname, '../../../scripts/grpc-call.ts');
    function start(method: string): Promise<{ code: unknown; out: string }> {
      return new Promise((resolve) => {
        const args = [script, `127.0.0.1:${port}`, 'call', `mawid.rpctest.v1.EchoService/${method}`, '-'];
        const child = execFile(process.execPath, args, (error, out) => resolve({ code: error?.code, out }));
        child.stdin?.end('{"text":"piped"}');
      });
    }
    const [good, bad] = await Promise.all([start('Echo'), start('Write')]);
    expect(JSON.parse(good.out)).toMatchObject({ text: 'piped null false' });
    expect([good.code, bad.code]).toEqual([undefined, 1]);
  });

  it('reads a request from its input', async () => {
    const { out } = await run(port, ['call', 'mawid.rpctest.v1.EchoService.Echo', '-'], '{"text":"piped"}');
    expect(JSON.parse(out)).toMatchObject({ text: 'piped null false' });
  });

  it('shows a stream of answers, and takes a stream of requests', async () => {
    const repeated = await run(port, ['call', 'mawid.rpctest.v1.EchoService/Repeat', '{"text":"n","times":2}']);
    const answers = repeated.out.split(/(?<=^\})\n/m).map((each) => JSON.parse(each).text);
    expect(answers).toEqual(['n 1', 'n 2']);
    const joined = await run(port, ['call', 'mawid.rpctest.v1.EchoService/Join', '{"text":"a"}', '{"text":"b"}']);
    expect(JSON.parse(joined.out)).toMatchObject({ text: 'a b' });
  });

  it('shows an error with its details, and fails', async () => {
    const { out, err, code } = await run(port, ['call', 'mawid.rpctest.v1.EchoService/Write']);
    expect(err).toContain('FAILED_PRECONDITION: محجوز');
    expect(err.replace(/\s+/g, ' ')).toContain('google.rpc.ErrorInfo { "reason": "SLOT_TAKEN", "domain": "mawid" }');
    expect(err.replace(/\s+/g, ' ')).toContain('mawid.rpctest.v1.Complaint { "about": "noise" }');
    expect([out, code]).toEqual(['', 1]);
  });

  it.each([
    [['call', 'no.Such/Method'], /the server knows nothing of the name no\.Such\/Method/],
    [['call', 'mawid.rpctest.v1.EchoService/Echo', '{"txt":1}'], /txt/],
    [['call', 'mawid.rpctest.v1.EchoService/Echo', '{}', '{}'], /Echo takes one request, not 2/],
    [['describe', 'no.Such'], /no\.Such/],
    [['dance'], /Calls any gRPC server/],
  ])('says what is wrong with %j', async (args, text) => {
    const { err, code } = await run(port, args);
    expect(err).toMatch(text);
    expect(code).toBe(1);
  });

  it('makes do with reflection v1alpha', async () => {
    const server = new Server();
    const { v1alpha } = createReflection([EchoService]);
    addRoutes(
      server,
      collectRoutes((router) => router.service(ServerReflectionAlpha, v1alpha)),
      {
        interceptors: [],
        limits: { defaultMs: 1_000, maxMs: 1_000 },
        maxAnswerBytes: 4_194_304,
        gzipAnswersFrom: undefined,
        endless: createEndlessCalls(),
        onError: undefined,
      },
    );
    closeLater(() => server.forceShutdown());
    const bound = await new Promise<number>((resolve) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, boundPort) => resolve(boundPort));
    });
    expect((await run(bound, ['list'])).out).toBe('mawid.rpctest.v1.EchoService');
  });

  it('shows a certificate, and asks for the name of the server', async () => {
    const { authority, certificates } = await certify('booking');
    const secured = await serve({
      routes: echoRoutes({ echo: (_, { values }) => ({ text: `${values.get(provenPeer)?.name}` }) }),
      certificates,
    });
    const { certFile, keyFile, caFile } = (await issueTo(authority, { name: 'ops' })).files;
    const call = ['call', 'mawid.rpctest.v1.EchoService/Echo'];
    const files = ['--cert', certFile, '--key', keyFile, '--ca', caFile];
    expect(JSON.parse((await run(secured.port, [...call, ...files])).out)).toMatchObject({ text: 'ops' });
    expect((await run(secured.port, [...call, ...files, '--server-name', 'payments'])).err).toMatch(/unavailable/);
    expect((await run(secured.port, call)).err).toMatch(/unavailable/);
    expect((await run(secured.port, [...call, '--cert', certFile])).err).toMatch(/go together/);
    const missing = [...call, '--cert', '/nowhere/tls.crt', '--key', keyFile, '--ca', caFile];
    expect((await run(secured.port, missing)).err).toMatch(/\/nowhere\/tls\.crt/);
  });

  it('says that a server cannot be reached', async () => {
    const { err, code } = await run(1, ['list']);
    expect(err).toMatch(/unavailable/);
    expect(code).toBe(1);
  });
});
