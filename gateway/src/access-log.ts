import type { Exchange } from './http/exchange.ts';
import type { StreamEnd } from './rest/stream/streams.ts';

/** Which requests leave a line in the log: those answered with 4xx or 5xx, and streams that failed after they had begun, are `errors`. */
export type AccessLogMode = 'all' | 'errors' | 'none';

/** What is told of a request; bytes that became none have only the id of their answer. */
export type LoggedRequest = Pick<Exchange, 'requestId'> &
  Partial<Pick<Exchange, 'method' | 'route' | 'traceId' | 'refusedFor' | 'streamingSince' | 'stream'>>;

/** Writes a line for a request that is over. `durationMs` is undefined where nobody knows when it began. */
export type AccessLog = (request: LoggedRequest, status: number, durationMs: number | undefined) => void;

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
  return (request, status, durationMs) => {
    if (mode === 'errors' && status < 400 && endOf(request) !== 'failed') return;
    const current = Math.floor(now() / 1000);
    const omitted = current === second ? 0 : Math.max(0, lines - linesPerSecond);
    if (current !== second) [second, lines] = [current, 0];
    lines += 1;
    if (lines > linesPerSecond) return;
    info({ ...toLine(request, status, durationMs), ...(omitted === 0 ? {} : { lines_omitted: omitted }) }, 'request');
  };
}

/** What may be written down of a request: no query, header or body, and the path only as its route. */
function toLine(request: LoggedRequest, status: number, durationMs: number | undefined) {
  const { method, route, requestId, traceId, refusedFor } = request;
  const stream = endOf(request);
  return {
    ...(method === undefined ? {} : { method }),
    route: route ?? 'none',
    status,
    ...(refusedFor === undefined ? {} : { reason: refusedFor }),
    ...(stream === undefined ? {} : { stream }),
    ...(durationMs === undefined ? {} : { duration_ms: Math.round(durationMs * 10) / 10 }),
    request_id: requestId,
    ...(traceId === undefined ? {} : { trace_id: traceId }),
  };
}

/** How an answer ended that lasted: its status was sent before anybody knew. Undefined for all others. */
function endOf({ streamingSince, stream }: LoggedRequest): StreamEnd | undefined {
  return streamingSince === undefined || stream === undefined ? undefined : (stream.end ?? 'client_gone');
}
