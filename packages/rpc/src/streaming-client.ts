import type { DescMessage, DescMethodStreaming, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { StreamRequest, StreamResponse } from '@connectrpc/connect';
import { Code, ConnectError, type ContextValues, createContextValues, type Interceptor } from '@connectrpc/connect';
import { runStreamingCall } from '@connectrpc/connect/protocol';
import { assertSendable } from './assert-sendable.ts';
import { callStreaming, type StreamingCall } from './call-streaming.ts';
import type { Connection } from './connection.ts';
import { clientDeadline } from './deadline.ts';
import { parseMessage, serializeMessage } from './message-bytes.ts';
import { toHeaders } from './metadata.ts';
import { toPath } from './routes.ts';

/** One streaming call as a Connect client asks for it. */
export interface StreamingCallInit {
  method: DescMethodStreaming;
  signal: AbortSignal | undefined;
  timeoutMs: number | undefined;
  header: ConstructorParameters<typeof Headers>[0];
  messages: AsyncIterable<MessageInitShape<DescMessage>>;
  contextValues: ContextValues | undefined;
}

/** Starts a streaming call inside its interceptors; resolves when its headers are here. Throws a ConnectError. */
export function runStreaming(
  connection: Connection,
  init: StreamingCallInit,
  interceptors: readonly Interceptor[],
): Promise<StreamResponse> {
  const { method, signal } = init;
  const mayLast = method.methodKind !== 'client_streaming';
  const deadline = clientDeadline(signal, init.timeoutMs, { defaultMs: connection.defaultDeadlineMs, mayLast });
  // grpc-js keeps the time; Connect's own timer would outlive a stream that nobody reads to its end.
  const late = new AbortController();
  return runStreamingCall({
    interceptors: [...interceptors],
    signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    req: {
      stream: true,
      service: method.parent,
      method,
      requestMethod: 'POST',
      url: connection.urlOf(method),
      header: new Headers(init.header),
      contextValues: init.contextValues ?? createContextValues(),
      message: init.messages,
    },
    next: (request) => send(connection, request, { deadline, late }),
  });
}

/**
 * Connect's clients do not tell a transport that a loop over answers was left, and a call without a deadline would go
 * on for good. When its answers cannot be read by anybody any more, it is cancelled, if late.
 */
const leftStreams = new FinalizationRegistry<AbortController>((call) => {
  call.abort(new ConnectError('nobody reads the answers any more', Code.Canceled));
});

async function send(
  connection: Connection,
  request: StreamRequest,
  timing: { deadline: number; late: AbortController },
): Promise<StreamResponse> {
  const { method } = request;
  const metadata = assertSendable(request.header);
  const place = connection.streamChannels.take();
  const call = callStreaming(place.channel, {
    path: toPath(method),
    metadata,
    deadline: timing.deadline,
    onDeadline: (error) => timing.late.abort(error),
    signal: request.signal,
    gzipFrom: connection.gzipRequestsFrom,
    onOver: place.free,
    messages: toBytes(method, request.message, connection.maxRequestBytes),
  });
  const trailer = new Headers();
  const header = toHeaders(await call.header);
  const message = toMessages(method, call, trailer);
  // Whoever reads no answers of a bidirectional call may still be sending requests.
  if (method.methodKind === 'server_streaming') leftStreams.register(message, timing.late);
  return {
    stream: true,
    service: method.parent,
    method,
    header,
    trailer,
    message,
  };
}

async function* toBytes(
  method: DescMethodStreaming,
  messages: AsyncIterable<MessageShape<DescMessage>>,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  for await (const message of messages) yield serializeMessage(method.input, message, maxBytes);
}

/** The answers; the trailers are filled in when the last one has been read. */
async function* toMessages(
  method: DescMethodStreaming,
  call: StreamingCall,
  trailer: Headers,
): AsyncGenerator<MessageShape<DescMessage>> {
  for (let bytes = await call.read(); bytes !== undefined; bytes = await call.read()) {
    yield parseMessage(method.output, bytes, Code.Internal);
  }
  toHeaders(call.trailer(), trailer);
}
