import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { assertProblem } from './support/bad-input/assert-problem.ts';
import { readReplies } from './support/bad-input/read-replies.ts';
import { request, sendRaw } from './support/client.ts';
import { startTestGateway, type TestGateway } from './support/start.ts';

let api: TestGateway;

beforeAll(async () => {
  api = await startTestGateway({ CORS_ORIGINS: 'https://app.mawid.sa' });
});
afterAll(() => api.close());
afterEach(async () => {
  // Whatever came: the next one is served.
  expect((await request(api.url, 'GET /api/titles')).status).toBe(200);
});

const post = 'POST /api/kinds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const get = 'GET /api/titles HTTP/1.1\r\nHost: x\r\n';

/** Every answer on a connection until the server ended it; the bytes are sent at once. */
async function answersTo(text: string): Promise<number[]> {
  const answer = Buffer.from(await sendRaw(api.gateway.port, Buffer.from(text, 'latin1')), 'utf8');
  const { replies, rest } = readReplies(answer);
  expect(rest.toString()).toBe('');
  for (const reply of replies.filter((each) => each.status >= 400)) assertProblem(reply);
  return replies.map((each) => each.status);
}

describe('framing that two readers could understand in two ways', () => {
  it.each([
    ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x`],
    ['two equal lengths', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`],
    ['a length and chunks', `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`],
    ['a negative length', `${post}Content-Length: -1\r\n\r\n{}`],
    ['a signed length', `${post}Content-Length: +2\r\n\r\n{}`],
    ['a hexadecimal length', `${post}Content-Length: 0x2\r\n\r\n{}`],
    ['a length beyond all numbers', `${post}Content-Length: 99999999999999999999999\r\n\r\n{}`],
    ['an unknown transfer coding', `${post}Transfer-Encoding: gzip\r\n\r\n{}`],
    ['chunks inside another coding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
    ['two codings in two fields', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`],
    ['a space before the colon', `${post}Content-Length : 2\r\n\r\n{}`],
    ['a folded field', `${get}X-A: a\r\n b\r\n\r\n`],
    ['a line end of one character', 'GET /api/titles HTTP/1.1\nHost: x\n\n'],
    ['a field that ends in one character', `${get}X-A: a\nX-B: b\r\n\r\n`],
    ['a return alone', `${get}X-A: a\rX-B: b\r\n\r\n`],
    ['NUL in a field', `${get}X-A: a\u0000b\r\n\r\n`],
    ['NUL in a name', `${get}X-\u0000: b\r\n\r\n`],
    ['a field without a name', `${get}: b\r\n\r\n`],
    ['a field without a colon', `${get}Connection close\r\n\r\n`],
    ['a space in a name', `${get}X A: b\r\n\r\n`],
    ['a chunk without a size', `${post}Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n`],
    ['a chunk of no size', `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`],
    ['a chunk of negative size', `${post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`],
    ['a chunk beyond all numbers', `${post}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n`],
    ['a chunk longer than its size', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`],
    ['chunk lines of one character', `${post}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`],
  ])('is refused: %s', async (_, text) => {
    // The refusal is the last answer: what follows is nobody's request.
    expect(await answersTo(`${text}GET /api/titles HTTP/1.1\r\nHost: x\r\n\r\n`)).toEqual([400]);
  });

  it('is refused with all that is known of its request, once there is one', async () => {
    const known = 'X-Request-Id: mine\r\nOrigin: https://app.mawid.sa\r\nAccept-Language: ar\r\n';
    const text = await sendRaw(api.gateway.port, `${post}${known}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    const { replies } = readReplies(Buffer.from(text));
    const fields = replies[0]?.head.toLowerCase().split('\r\n');
    expect(fields).toEqual(
      expect.arrayContaining([
        'access-control-allow-origin: https://app.mawid.sa',
        'connection: close',
        'content-language: ar',
        'x-request-id: mine',
        expect.stringMatching(/^traceresponse: 00-/),
      ]),
    );
    expect(JSON.parse(String(replies[0]?.body))).toMatchObject({ code: 'MALFORMED_REQUEST', instance: '/api/kinds' });
  });

  it('of a body that nobody reads ends the connection after the answer', async () => {
    const chunked = 'Transfer-Encoding: chunked\r\n\r\nxyz\r\n';
    const text = `POST /api/nope HTTP/1.1\r\nHost: x\r\n${chunked}${get}\r\n`;
    expect(await answersTo(text)).toEqual([404]);
  });

  it('of a flood of chunk extensions is refused', async () => {
    const chunk = `2;a=${'b'.repeat(20_000)}\r\n{}\r\n`;
    const [status] = await answersTo(`${post}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
    expect([400, 413]).toContain(status);
  });

  it('behind a whole request does not take that one its answer', async () => {
    expect(await answersTo(`${get}\r\nGARBAGE\r\n\r\n`)).toEqual([200, 400]);
  });
});

describe('a request line that asks for nothing of ours', () => {
  it.each([
    ['GET /api/titles', 400],
    ['GET /api/titles HTTP/9.9', 400],
    ['GET /api/titles HTTP/1.2', 400],
    ['get /api/titles HTTP/1.1', 400],
    ['BREW /api/titles HTTP/1.1', 400],
    ['GET api/titles HTTP/1.1', 400],
    ['GET /api/ti\u0000tles HTTP/1.1', 400],
    ['GET /api titles HTTP/1.1', 400],
    ['PROPFIND /api/titles HTTP/1.1', 405],
    ['TRACE /api/titles HTTP/1.1', 405],
    ['QUERY /api/titles HTTP/1.1', 405],
    ['DELETE /api/titles HTTP/1.1', 405],
    ['GET http://x/api/nothing HTTP/1.1', 404],
    ['GET http://x HTTP/1.1', 404],
    ['GET //api/titles HTTP/1.1', 404],
    ['GET /api//titles HTTP/1.1', 404],
    ['GET /api/../api/titles HTTP/1.1', 404],
    ['GET /api/%2e%2e/titles HTTP/1.1', 404],
    ['GET /api%2ftitles HTTP/1.1', 404],
    ['GET /api/titles%00 HTTP/1.1', 404],
    ['GET /api/titles/%zz HTTP/1.1', 404],
    ['GET /api/titles/%c0%ae%c0%ae HTTP/1.1', 404],
    ['GET /api/titles#x HTTP/1.1', 404],
    ['GET /api/\u00d8\u00ad HTTP/1.1', 400],
    ['GET /api/titles/\u00ff HTTP/1.1', 400],
    [`GET /${'a'.repeat(20_000)} HTTP/1.1`, 431],
  ])('is refused: %j', async (line, status) => {
    expect(await answersTo(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`)).toEqual([status]);
  });

  it.each([
    ['CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['\u0000\u0000\u0000\u0000\r\n\r\n'],
  ])('that is of another protocol ends the connection: %j', async (text) => {
    expect([[], [400]]).toContainEqual(await answersTo(text));
  });
});

describe('an odd but honest client', () => {
  it('is served with HTTP/1.0, and the connection ends', async () => {
    expect(await sendRaw(api.gateway.port, 'GET /api/titles HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('needs a Host field with HTTP/1.1', async () => {
    expect(await answersTo('GET /api/titles HTTP/1.1\r\n\r\n')).toEqual([400]);
  });

  it('that offers another protocol is served with this one', async () => {
    const upgrade = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n';
    expect(await answersTo(`${get}${upgrade}`)).toEqual([200]);
    const socket = 'Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n';
    expect(await answersTo(`${get}${socket}`)).toEqual([200]);
  });

  it('that asks whether to go on with a body that is too large is told no', async () => {
    const text = `${post}Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n`;
    expect(await sendRaw(api.gateway.port, text)).toMatch(/HTTP\/1\.1 413 /);
  });

  it('that says no more after its request gets the answer or an end', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect({ port: api.gateway.port, host: '127.0.0.1', allowHalfOpen: true });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => {
        socket.destroy();
        resolve(text);
      });
      socket.end(`${get}\r\n`);
    });
    expect(answer).toMatch(/^(?:HTTP\/1\.1 200 |$)/);
  });

  it('may leave at any point', async () => {
    const whole = `${post}Content-Length: 12\r\n\r\n{"text":"a"}`;
    for (let end = 0; end <= whole.length; end += 7) {
      const socket = connect(api.gateway.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(whole.slice(0, end));
      await pause(2);
      if (end % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
  });
});

describe('floods', () => {
  it('of header fields are refused', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `X-${index}: a\r\n`).join('');
    expect(await answersTo(`${get}${many}\r\n`)).toEqual([431]);
    const large = Array.from({ length: 20 }, (_, index) => `X-${index}: ${'a'.repeat(1_000)}\r\n`).join('');
    expect(await answersTo(`${get}${large}\r\n`)).toEqual([431]);
    expect(await answersTo(`${get}X-${'a'.repeat(20_000)}: b\r\n\r\n`)).toEqual([431]);
  });

  it('of pipelined requests are answered in order', async () => {
    const statuses = await answersTo(`${`${get}\r\n`.repeat(200)}${get}Connection: close\r\n\r\n`);
    expect([statuses.length, new Set(statuses)]).toEqual([201, new Set([200])]);
  });

  it('of trailers are refused or left out', async () => {
    const trailers = Array.from({ length: 300 }, (_, index) => `X-${index}: ${'a'.repeat(100)}\r\n`).join('');
    const text = `${post}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n${trailers}\r\n`;
    expect([[200], [431], []]).toContainEqual(await answersTo(text));
  });
});
