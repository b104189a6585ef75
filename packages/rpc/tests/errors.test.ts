import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createGrpcTransport } from '../src/index.ts';
import { allOf, echoRoutes, errorOf, itemsOf } from './echo-service.ts';
import { closeAll, connect, dial, serveGrpc, wires } from './fixture.ts';
import { ComplaintSchema, EchoService } from './gen/echo_pb.js';

afterEach(closeAll);

const detail = { desc: ComplaintSchema, value: { about: 'the noise' } };

describe.each(wires)('errors by %s', (wire) => {
  it('keep code, text and details', async () => {
    const routes = echoRoutes({
      echo() {
        throw new ConnectError('too loud', Code.FailedPrecondition, undefined, [detail]);
      },
    });
    const error = await errorOf((await connect(wire, { routes })).echo({}));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.rawMessage).toBe('too loud');
    expect(error.findDetails(ComplaintSchema).map((found) => found.about)).toEqual(['the noise']);
  });

  it('may come after some answers', async () => {
    const routes = echoRoutes({
      async *repeat() {
        yield { text: 'one' };
        throw new ConnectError('enough', Code.OutOfRange, undefined, [detail]);
      },
    });
    const client = await connect(wire, { routes });
    const answers: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const answer of client.repeat({})) answers.push(answer.text);
      })(),
    );
    expect(answers).toEqual(['one']);
    expect(error.code).toBe(Code.OutOfRange);
    expect(error.findDetails(ComplaintSchema)).toHaveLength(1);
  });

  it.each(['الوقت محجوز', '100% full, #1 & more?', 'two\nlines\tand a "quote"', '%25 already %D8', 'emoji 💇‍♀️ é'])(
    'keep the text %j',
    async (text) => {
      const routes = echoRoutes({
        echo() {
          throw new ConnectError(text, Code.Aborted);
        },
      });
      expect((await errorOf((await connect(wire, { routes })).echo({}))).rawMessage).toBe(text);
    },
  );

  it('that are none of ours say nothing, and are reported', async () => {
    const reported: unknown[] = [];
    const thrown = new Error('password=hunter2 at db.internal');
    const routes = echoRoutes({
      echo() {
        throw thrown;
      },
      // biome-ignore lint/correctness/useYield: it fails before
      async *repeat() {
        throw thrown;
      },
      join() {
        throw thrown;
      },
    });
    const client = await connect(wire, { routes, onError: (error) => reported.push(error) });
    const calls = [() => client.echo({}), () => allOf(client.repeat({})), () => client.join(itemsOf({}))];
    for (const call of calls) {
      const error = await errorOf(call());
      expect(error.code).toBe(Code.Internal);
      expect(JSON.stringify([error.message, ...error.metadata])).not.toContain('hunter2');
    }
    expect(reported).toEqual([thrown, thrown, thrown]);
  });

  it('say UNIMPLEMENTED for methods that are not there', async () => {
    const client = await connect(wire, { routes: (router) => router.service(EchoService, {}) });
    expect((await errorOf(client.echo({}))).code).toBe(Code.Unimplemented);
    const stranger = await connect(wire, { routes: () => undefined });
    expect((await errorOf(stranger.echo({}))).code).toBe(Code.Unimplemented);
  });
});

describe('errors by gRPC', () => {
  it('survive a text that is not valid Unicode, and one that is too long', async () => {
    const routes = echoRoutes({
      echo({ text }) {
        throw new ConnectError(text === 'long' ? 'x'.repeat(100_000) : 'half \ud83d', Code.Aborted);
      },
    });
    const client = await connect('gRPC', { routes });
    expect((await errorOf(client.echo({}))).rawMessage).toBe('half \ufffd');
    expect((await errorOf(client.echo({ text: 'long' }))).rawMessage).toHaveLength(2048);
  });

  it('of another server are passed on with their details and without its metadata', async () => {
    const routes = echoRoutes({
      echo() {
        throw new ConnectError('too loud', Code.FailedPrecondition, { 'x-secret': 'inner' }, [detail]);
      },
    });
    const inner = await serveGrpc({ routes });
    const innerClient = dial(inner.port);
    const outer = await connect('gRPC', { routes: echoRoutes({ echo: (request) => innerClient.echo(request) }) });
    const error = await errorOf(outer.echo({}));
    expect(error.code).toBe(Code.FailedPrecondition);
    expect(error.findDetails(ComplaintSchema)[0]?.about).toBe('the noise');
    expect(error.metadata.get('x-secret')).toBeNull();
  });

  it('name no address when nobody answers', async () => {
    const transport = createGrpcTransport('127.0.0.1:1', { retries: false });
    const error = await errorOf(createClient(EchoService, transport).write({}));
    transport.close();
    expect(error.code).toBe(Code.Unavailable);
    expect(error.rawMessage).not.toContain('127.0.0.1');
    expect(String(error.cause)).toContain('127.0.0.1');
  });

  it('name no address when the time is up in the midst of a stream', async () => {
    const routes = echoRoutes({
      async *repeat() {
        yield { text: 'one' };
        await new Promise((resolve) => setTimeout(resolve, 500));
      },
    });
    const client = await connect('gRPC', { routes });
    const error = await errorOf(allOf(client.repeat({}, { timeoutMs: 60 })));
    expect(error.code).toBe(Code.DeadlineExceeded);
    expect(error.rawMessage).not.toContain('127.0.0.1');
  });
});
