import { type DescMethodUnary, type DescService, type Message, toBinary } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { assertAdmitted, identify, type TokenVerifier } from '../auth/authenticate.ts';
import type { AddressSet } from '../http/client-address.ts';
import { requireJson } from '../http/content-type.ts';
import type { Exchange } from '../http/exchange.ts';
import { readBody, tooLarge } from '../http/read-body.ts';
import { bearerTokenOf, headerOf } from '../http/request-headers.ts';
import type { Answer } from '../http/send.ts';
import type { Binding } from './binding.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { toLanguage } from './language.ts';
import type { RequestPath } from './request-path.ts';

/** What calls are made with. */
export interface CallOptions {
  transportOf(service: DescService): Transport;
  readonly verifier: TokenVerifier;
  readonly trustedProxies: AddressSet;
  readonly maxBodyBytes: number;
  /** Given to each call as its deadline. */
  readonly requestTimeoutMs: number;
}

/** Headers that services put into their answers for the client to see. */
const passedHeaders = ['idempotency-replayed', 'ratelimit', 'ratelimit-policy', 'retry-after'];
/** The message of a body up to here cannot pass the limit: a list of doubles grows most, to four times its JSON. */
const smallBodyBytes = 65_536 - 1_024;
const noBytes = new Uint8Array();

/** Makes the call that a request asks for. Throws whatever toRefusal understands. */
export async function call(
  exchange: Exchange,
  binding: Binding,
  path: RequestPath,
  options: CallOptions,
): Promise<Answer> {
  const token = bearerTokenOf(exchange.request);
  const identity = await identify(binding, token, options.verifier);
  // Before anything is refused: the refusal too is read by this person.
  exchange.language ??= toLanguage(identity.principal?.locale);
  assertAdmitted(binding, identity, token !== undefined);
  const body = await receiveBody(exchange, binding, options.maxBodyBytes);
  const contentType = headerOf(exchange.request, 'content-type') ?? '';
  const request = binding.decode({ path, query: exchange.query, body, contentType });
  if (body.length > smallBodyBytes) assertSendable(binding.method, request, options.maxBodyBytes);
  const headers = forwardedHeaders(exchange, identity.token, options.trustedProxies);
  const { message, header } = await send(binding.method, request, { exchange, headers, options });
  return toAnswer(binding, message, header);
}

async function receiveBody({ request }: Exchange, binding: Binding, limit: number): Promise<Uint8Array> {
  if (binding.bodyKind === 'none') return noBytes;
  const bytes = await readBody(request, limit);
  if (binding.bodyKind === 'json' && bytes.length > 0) requireJson(request);
  return bytes;
}

/** Services take messages of the same size as bodies; what the path and the type add may be too much. */
function assertSendable(method: DescMethodUnary, message: Message, limit: number): void {
  if (toBinary(method.input, message).length > limit) throw tooLarge(limit);
}

interface Sending {
  readonly exchange: Exchange;
  readonly headers: Headers;
  readonly options: CallOptions;
}

function send(method: DescMethodUnary, message: Message, { exchange, headers, options }: Sending) {
  const transport = options.transportOf(method.parent);
  return transport.unary(method, exchange.gone.signal, options.requestTimeoutMs, headers, message, undefined);
}

function toAnswer(binding: Binding, message: Message, header: Headers): Answer {
  const headers: Record<string, string> = {};
  for (const name of passedHeaders) {
    const value = header.get(name);
    if (value !== null) headers[name] = value;
  }
  const etag = binding.etag(message);
  if (etag !== undefined) headers.etag = `"${etag}"`;
  if (binding.successStatus === 204) return { status: 204, headers };
  return { status: binding.successStatus, headers, ...binding.encode(message) };
}
