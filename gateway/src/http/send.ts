import type { Exchange } from './exchange.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** No content type means no body. */
  readonly contentType?: string | undefined;
  readonly content?: string | Uint8Array;
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

/** Writes the answer; does nothing where one was begun or nobody is there to read it. */
export function send(exchange: Exchange, answer: Answer): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) return;
  const content = answer.content ?? '';
  response.writeHead(answer.status, {
    ...always,
    'content-language': exchange.language ?? 'en',
    'x-request-id': exchange.requestId,
    ...(exchange.traceparent === undefined
      ? {}
      : { traceparent: exchange.traceparent, traceresponse: exchange.traceparent }),
    ...answer.headers,
    ...(answer.contentType === undefined
      ? {}
      : { 'content-type': answer.contentType, 'content-length': Buffer.byteLength(content) }),
  });
  response.end(answer.contentType === undefined ? undefined : content);
}
