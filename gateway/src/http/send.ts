import type { OutgoingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** No content type means no body. */
  readonly contentType?: string | undefined;
  readonly content?: string | Uint8Array;
  /** Writes a body that comes bit by bit and ends or destroys the response. Never rejects. */
  readonly write?: () => Promise<void>;
}

/** On every answer. An API's answers belong to one caller, hold no markup and run nothing. */
const always = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  vary: 'Accept-Language, Authorization, Origin',
} as const;

/** Writes the answer; does nothing where one was begun or nobody is there to read it. Resolves when a body that comes bit by bit has come. */
export function send(exchange: Exchange, answer: Answer): Promise<void> | undefined {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return undefined;
  const content = answer.content ?? '';
  response.writeHead(answer.status, headersOf(exchange, answer, content));
  if (answer.write !== undefined) {
    exchange.streamingSince = performance.now();
    response.flushHeaders();
    return answer.write();
  }
  response.end(answer.contentType === undefined ? undefined : content);
  return undefined;
}

function headersOf(exchange: Exchange, answer: Answer, content: string | Uint8Array): OutgoingHttpHeaders {
  return {
    ...always,
    'content-language': exchange.language ?? 'en',
    'x-request-id': exchange.requestId,
    ...(exchange.traceparent === undefined
      ? {}
      : { traceparent: exchange.traceparent, traceresponse: exchange.traceparent }),
    ...exchange.limitHeaders,
    ...answer.headers,
    ...(answer.contentType === undefined
      ? {}
      : { 'content-type': answer.contentType, 'content-length': Buffer.byteLength(content) }),
  };
}
