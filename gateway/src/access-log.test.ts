import { describe, expect, it } from '@jest/globals';
import { type AccessLogMode, createAccessLog } from './access-log.ts';
import type { Exchange } from './http/exchange.ts';

const exchange = { method: 'GET', path: '/api/secret', query: 'q=1', requestId: 'r', traceId: 't' } as Exchange;

function start(mode: AccessLogMode) {
  const clock = { ms: 1_000 };
  const lines: Record<string, unknown>[] = [];
  const write = createAccessLog({ mode, info: (line) => void lines.push({ ...line }), now: () => clock.ms });
  return { clock, lines, write };
}

describe('the access log', () => {
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
