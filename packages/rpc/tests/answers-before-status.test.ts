import { setTimeout as wait } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import { echoRoutes, errorOf } from './echo-service.ts';
import { closeAll, dial, serveGrpc } from './fixture.ts';
import { until } from './until.ts';
import { tapWire } from './wire-tap.ts';

afterEach(closeAll);

const count = 40;

/** Sends its answers and its error in one go. */
const hasty = echoRoutes({
  async *repeat() {
    for (let i = 0; i < count; i++) yield { text: `${i}`, padding: new Uint8Array(500) };
    throw new ConnectError('that was all', Code.OutOfRange);
  },
});

/** Reads with a pause after the first answer, in which the rest and the error arrive. */
async function readSlowly(answers: AsyncIterable<{ text: string }>, texts: string[], onPause?: () => void) {
  for await (const { text } of answers) {
    texts.push(text);
    if (texts.length > 1) continue;
    await wait(100);
    onPause?.();
  }
}

describe('answers of a call that fails', () => {
  it('are all handed over before its error', async () => {
    const client = dial((await serveGrpc({ routes: hasty })).port);
    const texts: string[] = [];
    const error = await errorOf(readSlowly(client.repeat({}), texts));
    expect(error).toMatchObject({ code: Code.OutOfRange, rawMessage: 'that was all' });
    expect(texts).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
  });

  it('do not keep a caller from cancelling', async () => {
    const client = dial((await serveGrpc({ routes: hasty })).port);
    const controller = new AbortController();
    const texts: string[] = [];
    const answers = client.repeat({}, { signal: controller.signal });
    expect((await errorOf(readSlowly(answers, texts, () => controller.abort()))).code).toBe(Code.Canceled);
    expect(texts).toHaveLength(1);
  });

  it('do not keep the deadline from ending it', async () => {
    const client = dial((await serveGrpc({ routes: hasty })).port);
    const texts: string[] = [];
    const error = await errorOf(readSlowly(client.repeat({}, { timeoutMs: 50 }), texts));
    expect([Code.DeadlineExceeded, Code.OutOfRange]).toContain(error.code);
  });

  it('do not hang when the connection breaks while they are read', async () => {
    const tap = await tapWire((await serveGrpc({ routes: hasty })).port);
    const client = dial(tap.port);
    const texts: string[] = [];
    const error = await errorOf(readSlowly(client.repeat({}), texts, () => tap.cut()));
    expect([Code.Unavailable, Code.OutOfRange]).toContain(error.code);
    await tap.close();
  });

  it.each([Code.OutOfRange, undefined])('survive requests that come too late, with code %p', async (code) => {
    let sent = 0;
    let ended = false;
    const routes = echoRoutes({
      async *chat() {
        for (let i = 0; i < count; i++) yield { text: `${i}` };
        if (code !== undefined) throw new ConnectError('that was all', code);
      },
    });
    const client = dial((await serveGrpc({ routes })).port);
    async function* requests() {
      try {
        for (; sent < 1_000; sent++) {
          yield { text: 'x'.repeat(10_000) };
          await wait(1);
        }
      } finally {
        ended = true;
      }
    }
    const texts: string[] = [];
    const reading = readSlowly(client.chat(requests()), texts);
    if (code === undefined) await reading;
    else expect((await errorOf(reading)).code).toBe(code);
    expect(texts).toHaveLength(count);
    await until(() => ended);
    expect(sent).toBeLessThan(1_000);
  });
});
