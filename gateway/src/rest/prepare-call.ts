import { type DescMethod, type DescService, type Message, toBinary } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import type { OverloadGate } from '@mawid/rpc';
import { assertAdmitted, type Identity, identify, type TokenVerifier } from '../auth/authenticate.ts';
import type { AddressSet } from '../http/client-address.ts';
import { requireJson } from '../http/content-type.ts';
import type { Exchange } from '../http/exchange.ts';
import { readBody, tooLarge } from '../http/read-body.ts';
import { bearerTokenOf, headerOf } from '../http/request-headers.ts';
import type { Limits } from '../limits/limits.ts';
import { awaitBody } from '../overload/gate-exchange.ts';
import type { Binding } from './binding.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { toLanguage } from './language.ts';
import type { RequestPath } from './request-path.ts';

/** What calls are made with. */
export interface CallOptions {
  transportOf(service: DescService): Transport;
  readonly verifier: TokenVerifier;
  readonly trustedProxies: AddressSet;
  /** None where limits are off. */
  readonly limits: Limits | undefined;
  /** Turns requests away when the process cannot do more. */
  readonly overload?: OverloadGate;
  readonly maxBodyBytes: number;
  /** Given to each call as its deadline. */
  readonly requestTimeoutMs: number;
}

/** A call that may be made: its caller is let in and its request is read. */
export interface PreparedCall {
  readonly request: Message;
  /** The call's metadata. */
  readonly headers: Headers;
  readonly identity: Identity;
}

/** The message of a body up to here cannot pass the limit: a list of doubles grows most, to four times its JSON. */
const smallBodyBytes = 65_536 - 1_024;
const noBytes = new Uint8Array();

/** Everything before a call, for all kinds of methods. Throws whatever toRefusal understands. */
export async function prepareCall(
  exchange: Exchange,
  binding: Binding,
  path: RequestPath,
  options: CallOptions,
): Promise<PreparedCall> {
  const ticket = options.limits?.enter(exchange, binding.rateClass);
  const token = bearerTokenOf(exchange.request);
  const identity = await identify(binding, token, options.verifier);
  // Before anything is refused: the refusal too is read by this person.
  exchange.language ??= toLanguage(identity.principal?.locale);
  await ticket?.count(identity.principal?.userId);
  assertAdmitted(binding, identity, token !== undefined);
  const body = await receiveBody(exchange, binding, options);
  const contentType = headerOf(exchange.request, 'content-type') ?? '';
  const request = binding.decode({ path, query: exchange.query, body, contentType });
  if (body.length > smallBodyBytes) assertSendable(binding.method, request, options.maxBodyBytes);
  return { request, headers: forwardedHeaders(exchange, identity.token, options.trustedProxies), identity };
}

async function receiveBody(exchange: Exchange, binding: Binding, options: CallOptions): Promise<Uint8Array> {
  if (binding.bodyKind === 'none') return noBytes;
  const { request } = exchange;
  const read = () => readBody(request, options.maxBodyBytes);
  const bytes = await awaitBody(exchange, binding, { gate: options.overload, read });
  if (binding.bodyKind === 'json' && bytes.length > 0) requireJson(request);
  return bytes;
}

/** Services take messages of the same size as bodies; what the path and the type add may be too much. */
function assertSendable(method: DescMethod, message: Message, limit: number): void {
  if (toBinary(method.input, message).length > limit) throw tooLarge(limit);
}
