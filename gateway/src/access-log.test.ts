import { describe, expect, it } from '@jest/globals';
import { type AccessLogMode, createAccessLog, type LoggedRequest } from './access-log.ts';
import type { Exchange } from './http/exchange.ts';
import type { StreamEnd } from './rest/stream/streams.ts';

const exchange = { method: 'GET', path: '/api/secret', query: 'q=1', requestId: 'r', traceId: 't' } as Exchange;

function start(mode: AccessLogMode) {
  const clock = { ms: 1_000 };
  const lines: Record<string, unknown>[] = [];
  const write = createAccessLog({ mode, info: (line) => void lines.push({ ...line }), now: () => clock.ms });
  return { clock, lines, write };
}

function streamed(end: StreamEnd | undefined): LoggedRequest {
  return { requestId: 'r', streamingSince: 1, stream: { signal: AbortSignal.abort(), end, stop: () => undefined } };
}

describe('the access log', () => {
  it('tells how a stream ended, and of a failed one as of an error', () => {
    const ends = ['complete', 'failed', 'token_expired', undefined] as const;
    for (const mode of ['all', 'errors'] as const) {
      const { lines, write } = start(mode);
      for (const end of ends) write(streamed(end), 200, 1);
      const expected = mode === 'all' ? ['complete', 'failed', 'token_expired', 'client_gone'] : ['failed'];
      expect(lines.map((line) => line.stream)).toEqual(expected);
    }
  });

  it('tells no end of a stream that never began', () => {
    const { lines, write } = start('all');
    write({ ...streamed('failed'), streamingSince: undefined }, 503, 1);
    expect(lines[0]).not.toHaveProperty('stream');
  });

  it('counts what became no request among the others', () => {
    const { lines, write } = start('errors');
    for (let count = 0; count < 199; count++) write(exchange, 429, 1);
    for (let count = 0; count < 2; count++) write({ requestId: 'u', refusedFor: 'MALFORMED_REQUEST' }, 400, undefined);
    expect(lines).toHaveLength(200);
    expect(lines[199]).toEqual({ route: 'none', status: 400, reason: 'MALFORMED_REQUEST', request_id: 'u' });
  });

  it.each([
    ['all', [200, 304, 404, 500]],
    ['errors', [404, 500]],
    ['none', []],
  ] satisfies [AccessLogMode, number[]][])('set to %s has %j', (mode, expected) => {
    const { lines, write } = start(mode);
    for (const status of [200, 304, 404, 500]) write(exchange, status, 1);
    expect(lines.map((line) => line.status)).toEqual(expected);
  });

  it('has no more than 200 lines a second, and says how many it left out', () => {
    const { clock, lines, write } = start('errors');
    for (let count = 0; count < 1_000; count++) write(exchange, 429, 1);
    expect(lines).toHaveLength(200);
    clock.ms += 1_000;
    write(exchange, 429, 1.234);
    write(exchange, 429, 1);
    expect(lines.slice(200)).toEqual([
      {
        method: 'GET',
        route: 'none',
        status: 429,
        duration_ms: 1.2,
        request_id: 'r',
        trace_id: 't',
        lines_omitted: 800,
      },
      { method: 'GET', route: 'none', status: 429, duration_ms: 1, request_id: 'r', trace_id: 't' },
    ]);
  });
});
