import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Language, lookupLanguage } from '../rest/language.ts';
import type { LiveStream } from '../rest/stream/streams.ts';
import { headerOf, requestIdOf } from './request-headers.ts';

/** One request and what is known of it by now. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** As it came, percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly requestId: string;
  /** The language the caller asked for, by header or by the token's claim; undefined while nobody has. */
  language: Language | undefined;
  /** The route's path in the proto, once there is one. */
  route: string | undefined;
  /** The request field that the body stands for, once there is a route. */
  bodyField: string | undefined;
  /** What is left of the limits, as header fields, once it was counted. */
  limitHeaders: Readonly<Record<string, string>> | undefined;
  traceparent: string | undefined;
  traceId: string | undefined;
  /** The reason of the refusal, where the request is refused. */
  refusedFor: string | undefined;
  /** When an answer that lasts was begun, by performance.now(). */
  streamingSince: number | undefined;
  /** The answer that lasts, where there is one. */
  stream: LiveStream | undefined;
  /** What the overload gate counts it as, while it does. */
  admittedAs: 'unary' | 'stream' | undefined;
  /** Ends the call when the client goes away. */
  readonly gone: AbortController;
}

export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    request,
    response,
    method: request.method ?? 'GET',
    path,
    query,
    requestId: requestIdOf(request) ?? randomUUID(),
    language: lookupLanguage(headerOf(request, 'accept-language')),
    route: undefined,
    bodyField: undefined,
    limitHeaders: undefined,
    traceparent: undefined,
    traceId: undefined,
    refusedFor: undefined,
    streamingSince: undefined,
    stream: undefined,
    admittedAs: undefined,
    gone: new AbortController(),
  };
}

/** Origin form is what clients send; absolute form is what they send to proxies, and must be accepted (RFC 9112 §3.2.2). */
function splitTarget(target: string): { path: string; query: string } {
  const local = target.startsWith('/') || target === '*' ? target : withoutAuthority(target);
  const end = local.indexOf('?');
  return end < 0 ? { path: local, query: '' } : { path: local.slice(0, end), query: local.slice(end + 1) };
}

function withoutAuthority(target: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}
