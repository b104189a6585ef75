import type { Message } from '@bufbuild/protobuf';
import { matchesEntityTag } from '../http/entity-tag.ts';
import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/request-headers.ts';
import type { Answer } from '../http/send.ts';
import type { UnaryBinding } from './binding.ts';
import { type CallOptions, prepareCall } from './prepare-call.ts';
import type { RequestPath } from './request-path.ts';

/** Headers that services put into their answers for the client to see. */
const passedHeaders = ['idempotency-replayed', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-device-id'];

/** Makes the call that a request asks for. Throws whatever toRefusal understands. */
export async function call(
  exchange: Exchange,
  binding: UnaryBinding,
  path: RequestPath,
  options: CallOptions,
): Promise<Answer> {
  const { request, headers } = await prepareCall(exchange, binding, path, options);
  const transport = options.transportOf(binding.method.parent);
  const { signal } = exchange.gone;
  const response = await transport.unary(binding.method, signal, options.requestTimeoutMs, headers, request, undefined);
  return toAnswer(exchange, binding, response);
}

function toAnswer(exchange: Exchange, binding: UnaryBinding, answered: { message: Message; header: Headers }): Answer {
  const { message, header } = answered;
  const headers: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = header.get(name);
    if (value !== null) headers[name] = value;
  }
  const etag = binding.etag(message);
  if (etag !== undefined) {
    headers.etag = `"${etag}"`;
    if (isKnownAlready(exchange, etag)) return { status: 304, headers };
  }
  if (binding.successStatus === 204) return { status: 204, headers };
  return { status: binding.successStatus, headers, ...binding.encode(message) };
}

/** Whether the client has this very state and reads it again (RFC 9110 §13.1.2); what changes something is answered in full. */
function isKnownAlready({ request, method }: Exchange, etag: string): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const condition = headerOf(request, 'if-none-match');
  return condition !== undefined && matchesEntityTag(condition, etag);
}
