import { Code, ConnectError, createContextKey, type Interceptor } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { allOf, echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, connect, wires } from './fixture.ts';

afterEach(closeAll);

const user = createContextKey('nobody', { description: 'user' });

function logging(log: string[], name: string): Interceptor {
  return (next) => async (request) => {
    log.push(`${name} in`);
    const response = await next(request);
    response.header.append('x-way', name);
    log.push(`${name} out`);
    return response;
  };
}

describe.each(wires)('interceptors by %s', (wire) => {
  it('run in order, the first outermost, on both sides', async () => {
    const log: string[] = [];
    const routes = echoRoutes({
      echo() {
        log.push('handler');
        return {};
      },
    });
    const server = ['a', 'b'].map((name) => logging(log, name));
    const client = ['x', 'y'].map((name) => logging(log, name));
    let way: string | null = '';
    const echo = await connect(wire, { routes, interceptors: server }, client);
    await echo.echo(
      {},
      {
        onHeader: (header) => {
          way = header.get('x-way');
        },
      },
    );
    const inner = ['a in', 'b in', 'handler', 'b out', 'a out'];
    expect(log).toEqual(['x in', 'y in', ...inner, 'y out', 'x out']);
    expect(way).toBe('b, a, y, x');
  });

  it('see request, method and headers, and hand values to the handler', async () => {
    const interceptor: Interceptor = (next) => (request) => {
      request.contextValues.set(user, `${request.method.name} for ${request.header.get('x-user')}`);
      return next(request);
    };
    const routes = echoRoutes({
      echo: (_, context) => ({ text: context.values.get(user) }),
      async *repeat(_, context) {
        yield { text: context.values.get(user) };
      },
    });
    const setUser: Interceptor = (next) => (request) => {
      request.header.set('x-user', 'Noura');
      return next(request);
    };
    const client = await connect(wire, { routes, interceptors: [interceptor] }, [setUser]);
    expect((await client.echo({})).text).toBe('Echo for Noura');
    expect((await allOf(client.repeat({})))[0]?.text).toBe('Repeat for Noura');
  });

  it('may pass on a request and an answer of their own', async () => {
    const interceptor: Interceptor = (next) => async (request) => {
      if (request.stream) return next(request);
      const response = await next({ ...request, header: new Headers({ 'x-user': 'Sara' }) });
      if (response.stream) return response;
      return { ...response, header: new Headers([...response.header, ['x-mine', 'yes']]), message: response.message };
    };
    const routes = echoRoutes({ echo: (_, context) => ({ text: context.requestHeader.get('x-user') ?? '' }) });
    const client = await connect(wire, { routes, interceptors: [interceptor] });
    let mine: string | null = null;
    const answer = await client.echo(
      {},
      {
        onHeader: (header) => {
          mine = header.get('x-mine');
        },
      },
    );
    expect(answer.text).toBe('Sara');
    expect(mine).toBe('yes');
  });

  it('may refuse a call', async () => {
    let calls = 0;
    const refuse: Interceptor = () => () => Promise.reject(new ConnectError('who are you', Code.Unauthenticated));
    const routes = echoRoutes({
      echo() {
        calls += 1;
        return {};
      },
    });
    const client = await connect(wire, { routes, interceptors: [refuse] });
    expect((await errorOf(client.echo({}))).code).toBe(Code.Unauthenticated);
    expect((await errorOf(allOf(client.repeat({})))).code).toBe(Code.Unauthenticated);
    expect(calls).toBe(0);
  });
});
