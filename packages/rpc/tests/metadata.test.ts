import { Code, ConnectError, decodeBinaryHeader, encodeBinaryHeader, type HandlerContext } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { peerAddress } from '../src/index.ts';
import { allOf, echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, connect, wires } from './fixture.ts';

afterEach(closeAll);

const bytes = new Uint8Array([0, 1, 2, 250, 251, 255]);

function answerWithMetadata(context: HandlerContext): void {
  context.responseHeader.set('x-header', `saw ${context.requestHeader.get('x-request')}`);
  context.responseHeader.set('x-header-bin', context.requestHeader.get('x-request-bin') ?? '');
  context.responseHeader.append('x-many', 'one');
  context.responseHeader.append('x-many', 'two');
  context.responseTrailer.set('x-trailer', 'last');
  context.responseTrailer.set('x-trailer-bin', encodeBinaryHeader(bytes));
}

describe.each(wires)('metadata by %s', (wire) => {
  const headers = { 'x-request': 'text', 'x-request-bin': encodeBinaryHeader(bytes) };

  it('travels both ways around a unary call', async () => {
    const routes = echoRoutes({
      echo(request, context) {
        answerWithMetadata(context);
        return { text: request.text };
      },
    });
    const client = await connect(wire, { routes });
    let header = new Headers();
    let trailer = new Headers();
    await client.echo(
      { text: 'x' },
      {
        headers,
        onHeader: (received) => {
          header = received;
        },
        onTrailer: (received) => {
          trailer = received;
        },
      },
    );
    expect(header.get('x-header')).toBe('saw text');
    expect(decodeBinaryHeader(header.get('x-header-bin') ?? '')).toEqual(bytes);
    expect(header.get('x-many')).toBe('one, two');
    expect(trailer.get('x-trailer')).toBe('last');
    expect(decodeBinaryHeader(trailer.get('x-trailer-bin') ?? '')).toEqual(bytes);
  });

  it('travels both ways around a stream', async () => {
    const routes = echoRoutes({
      async *repeat(_, context) {
        answerWithMetadata(context);
        yield { text: 'one' };
      },
    });
    const client = await connect(wire, { routes });
    const seen: string[] = [];
    const options = {
      headers,
      onHeader: (received: Headers) => seen.push(received.get('x-header') ?? ''),
      onTrailer: (received: Headers) => seen.push(received.get('x-trailer') ?? ''),
    };
    await allOf(client.repeat({ text: 'n' }, options));
    expect(seen).toEqual(['saw text', 'last']);
  });

  it('of an error comes with it', async () => {
    const routes = echoRoutes({
      echo(_, context) {
        context.responseHeader.set('x-header', 'written before');
        throw new ConnectError('no', Code.Aborted, { 'x-error': 'why' });
      },
    });
    const error = await errorOf((await connect(wire, { routes })).echo({}));
    expect(error.metadata.get('x-error')).toBe('why');
    expect(error.metadata.get('x-header')).toBe('written before');
  });

  it('tells the address of the peer', async () => {
    const routes = echoRoutes({ echo: (_, context) => ({ text: context.values.get(peerAddress) ?? 'unknown' }) });
    expect((await (await connect(wire, { routes })).echo({})).text).toBe('127.0.0.1');
  });
});

describe('metadata that gRPC cannot carry', () => {
  it('is refused before it is sent', async () => {
    const client = await connect('gRPC', { routes: echoRoutes() });
    const error = await errorOf(client.echo({}, { headers: { 'x-name': 'é' } }));
    expect(error.code).toBe(Code.InvalidArgument);
  });

  it('fails a call whose handler wrote it, and is reported', async () => {
    const reported: unknown[] = [];
    const routes = echoRoutes({
      echo(_, context) {
        context.responseHeader.set('x-name', 'é');
        return {};
      },
    });
    const client = await connect('gRPC', { routes, onError: (error) => reported.push(error) });
    expect((await errorOf(client.echo({}))).code).toBe(Code.Internal);
    expect(reported).toHaveLength(1);
  });

  it('of the protocol itself is left out', async () => {
    const routes = echoRoutes({
      echo(_, context) {
        context.responseTrailer.set('grpc-status', '13');
        context.responseHeader.set('content-type', 'text/html');
        return { text: context.requestHeader.get('te') ?? 'none' };
      },
    });
    const client = await connect('gRPC', { routes });
    const headers = { te: 'gzip', connection: 'close', 'grpc-timeout': '1n', host: 'elsewhere' };
    expect((await client.echo({}, { headers })).text).toBe('none');
  });
});
