import type { Exchange } from './http/exchange.ts';

/** Which requests leave a line in the log: those answered with 4xx or 5xx are `errors`. */
export type AccessLogMode = 'all' | 'errors' | 'none';

/** Writes a line for a request that is over. */
export type AccessLog = (exchange: Exchange, status: number, durationMs: number) => void;

export interface AccessLogOptions {
  readonly mode: AccessLogMode;
  readonly info: (object: object, message: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Whoever floods us must not flood the disk: metrics count what is left out here. */
const linesPerSecond = 200;

/** At most 200 lines a second; what was left out is told with the first line after it. */
export function createAccessLog({ mode, info, now }: AccessLogOptions): AccessLog {
  if (mode === 'none') return () => undefined;
  let second = 0;
  let lines = 0;
  return (exchange, status, durationMs) => {
    if (mode === 'errors' && status < 400) return;
    const current = Math.floor(now() / 1000);
    const omitted = current === second ? 0 : Math.max(0, lines - linesPerSecond);
    if (current !== second) [second, lines] = [current, 0];
    lines += 1;
    if (lines > linesPerSecond) return;
    info({ ...toLine(exchange, status, durationMs), ...(omitted === 0 ? {} : { lines_omitted: omitted }) }, 'request');
  };
}

/** What may be written down of a request: no query, header or body, and the path only as its route. */
function toLine({ method, route, requestId, traceId, refusedFor }: Exchange, status: number, durationMs: number) {
  return {
    method,
    route: route ?? 'none',
    status,
    ...(refusedFor === undefined ? {} : { reason: refusedFor }),
    duration_ms: Math.round(durationMs * 10) / 10,
    request_id: requestId,
    trace_id: traceId,
  };
}
