import { afterEach, describe, expect, it } from '@jest/globals';
import { allOf, echoRoutes, itemsOf } from './echo-service.ts';
import { closeAll, connect, wires } from './fixture.ts';

afterEach(closeAll);

describe.each(wires)('method kinds by %s', (wire) => {
  it('answers a unary call', async () => {
    const client = await connect(wire, { routes: echoRoutes() });
    const padding = new Uint8Array([0, 1, 255]);
    const response = await client.echo({ text: 'صباح الخير', padding });
    expect(response.text).toBe('صباح الخير');
    expect(response.padding).toEqual(padding);
  });

  it('streams answers', async () => {
    const client = await connect(wire, { routes: echoRoutes() });
    const answers = await allOf(client.repeat({ text: 'n', times: 3 }));
    expect(answers.map((answer) => answer.text)).toEqual(['n 1', 'n 2', 'n 3']);
  });

  it('ends a stream without answers', async () => {
    const client = await connect(wire, { routes: echoRoutes() });
    expect(await allOf(client.repeat({ text: 'n', times: 0 }))).toEqual([]);
  });

  it('takes a stream of requests', async () => {
    const client = await connect(wire, { routes: echoRoutes() });
    const response = await client.join(itemsOf({ text: 'a' }, { text: 'b' }, { text: 'c' }));
    expect(response.text).toBe('a b c');
  });
});

describe('bidirectional calls', () => {
  it('answer each request before the next is sent', async () => {
    const client = await connect('gRPC', { routes: echoRoutes() });
    const heard: string[] = [];
    let say: (text: string | undefined) => void = () => undefined;
    async function* requests() {
      yield { text: 'one' };
      for (;;) {
        const text = await new Promise<string | undefined>((resolve) => {
          say = resolve;
        });
        if (text === undefined) return;
        yield { text };
      }
    }
    for await (const answer of client.chat(requests())) {
      heard.push(answer.text);
      say(heard.length < 3 ? `more ${heard.length}` : undefined);
    }
    expect(heard).toEqual(['you said one', 'you said more 1', 'you said more 2']);
  });

  it('carry more than the flow control windows hold', async () => {
    const client = await connect('gRPC', { routes: echoRoutes() });
    async function* requests() {
      for (let i = 0; i < 500; i++) yield { text: 'x'.repeat(10_000) };
    }
    const answers = await allOf(client.chat(requests()));
    expect(answers).toHaveLength(500);
  });

  it('are refused over HTTP/1.1', async () => {
    const client = await connect('Connect binary', { routes: echoRoutes() });
    await expect(allOf(client.chat(itemsOf({ text: 'a' })))).rejects.toThrow(/505/);
  });
});
