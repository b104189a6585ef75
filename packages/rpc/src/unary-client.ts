import { create, type DescMessage, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { UnaryRequest, UnaryResponse } from '@connectrpc/connect';
import { Code, ConnectError, type ContextValues, createContextValues, type Interceptor } from '@connectrpc/connect';
import type { Metadata } from '@grpc/grpc-js';
import { assertSendable } from './assert-sendable.ts';
import { requestFlags } from './compression.ts';
import type { Connection } from './connection.ts';
import { clientDeadline } from './deadline.ts';
import { intercept } from './invoke-unary.ts';
import { parseMessage, serializeMessage } from './message-bytes.ts';
import { toHeaders } from './metadata.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { callWithRetries } from './retrying-call.ts';
import { toPath } from './routes.ts';

/** One call as a Connect client asks for it. */
export interface UnaryCallInit {
  method: DescMethodUnary;
  signal: AbortSignal | undefined;
  timeoutMs: number | undefined;
  header: ConstructorParameters<typeof Headers>[0];
  message: MessageInitShape<DescMessage>;
  contextValues: ContextValues | undefined;
}

export interface UnaryRules {
  interceptors: readonly Interceptor[];
  policy: RetryPolicy | undefined;
}

/** Makes a unary call inside its interceptors. Throws a ConnectError. */
export function runUnary(connection: Connection, init: UnaryCallInit, rules: UnaryRules): Promise<UnaryResponse> {
  const { signal } = init;
  const deadline = clientDeadline(signal, init.timeoutMs, { defaultMs: connection.defaultDeadlineMs, mayLast: false });
  const request = toRequest(connection, init, deadline);
  const run = intercept(async (actual) => {
    // Only an interceptor that made a request of its own can have changed the signal; ours is not even made till asked for.
    const actualSignal = actual === request ? signal : actual.signal;
    return send(connection, actual, { deadline, signal: actualSignal, policy: rules.policy });
  }, rules.interceptors);
  return run(request);
}

interface Sending {
  deadline: number;
  signal: AbortSignal | undefined;
  policy: RetryPolicy | undefined;
}

async function send(connection: Connection, request: UnaryRequest, sending: Sending): Promise<UnaryResponse> {
  const { method } = request;
  const { deadline, signal, policy } = sending;
  if (signal?.aborted === true) throw ConnectError.from(signal.reason, Code.Canceled);
  if (deadline <= Date.now()) throw new ConnectError('the operation timed out', Code.DeadlineExceeded);
  const metadata = assertSendable(request.header);
  const bytes = serializeMessage(method.input, request.message, connection.maxRequestBytes);
  const flags = requestFlags(bytes.byteLength, connection.gzipRequestsFrom);
  const call = { path: toPath(method), bytes, metadata, deadline, flags, signal };
  const idempotent = method.idempotency !== IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  const outcome = await callWithRetries(connection.channel, call, { idempotent, policy });
  if (outcome.failure !== undefined) throw outcome.failure.error;
  return toResponse(method, outcome);
}

function toRequest(connection: Connection, init: UnaryCallInit, deadline: number): UnaryRequest {
  const { method } = init;
  let signal: AbortSignal | undefined;
  return {
    stream: false,
    message: create(method.input, init.message),
    method,
    service: method.parent,
    requestMethod: 'POST',
    url: connection.urlOf(method),
    header: new Headers(init.header),
    contextValues: init.contextValues ?? createContextValues(),
    get signal() {
      signal ??= toSignal(init.signal, deadline);
      return signal;
    },
  };
}

function toSignal(signal: AbortSignal | undefined, deadline: number): AbortSignal {
  const late = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
  return signal === undefined ? late : AbortSignal.any([signal, late]);
}

function toResponse(
  method: DescMethodUnary,
  outcome: { bytes: Buffer; header: Metadata | undefined; trailer: Metadata },
): UnaryResponse {
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  return {
    stream: false,
    message: parseMessage(method.output, outcome.bytes, Code.Internal),
    method,
    service: method.parent,
    get header() {
      header ??= toHeaders(outcome.header);
      return header;
    },
    get trailer() {
      trailer ??= toHeaders(outcome.trailer);
      return trailer;
    },
  };
}
