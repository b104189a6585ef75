import type { DescMethodStreaming } from '@bufbuild/protobuf';
import type { ConnectError, MethodImplSpec } from '@connectrpc/connect';
import { createAsyncIterable, transformInvokeImplementation } from '@connectrpc/connect/protocol';
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import { offerGzip, packAnswer } from './compression.ts';
import type { ServeOptions } from './handle-unary.ts';
import { parseMessage, serializeMessage } from './message-bytes.ts';
import { toMetadata } from './metadata.ts';
import { toPublicError } from './public-error.ts';
import { sendHeader, trySendHeader } from './send-header.ts';
import { openServerCall, type ServerCall } from './server-call.ts';
import { toWireStatus } from './wire-status.ts';

type StreamingSpec = Exclude<MethodImplSpec, { kind: 'unary' }>;
type Readable = ServerReadableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;
type Writable = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

/** A client-streaming RPC as grpc-js wants it. */
export function handleClientStreaming(
  spec: StreamingSpec,
  options: ServeOptions,
): handleClientStreamingCall<Buffer, Buffer> {
  return function clientStreaming(call, callback: sendUnaryData<Buffer>): void {
    let answer: Buffer | undefined;
    serve(spec, call, requestsOf(spec.method, call), options, {
      write: async (bytes) => {
        answer = bytes;
      },
      end: (trailer) => callback(null, answer, trailer),
      fail: (status) => callback(status),
    });
  };
}

/** A server-streaming RPC as grpc-js wants it. */
export function handleServerStreaming(
  spec: StreamingSpec,
  options: ServeOptions,
): handleServerStreamingCall<Buffer, Buffer> {
  return function serverStreaming(call): void {
    serve(spec, call, singleRequest(spec.method, call.request), options, writeTo(call));
  };
}

/** A bidirectional RPC as grpc-js wants it. */
export function handleBidi(spec: StreamingSpec, options: ServeOptions): handleBidiStreamingCall<Buffer, Buffer> {
  return function bidi(call): void {
    serve(spec, call, requestsOf(spec.method, call), options, writeTo(call));
  };
}

/** Where the answers of a streaming call go. */
interface AnswerSink {
  write(bytes: Buffer): Promise<void>;
  end(trailer: ReturnType<typeof toMetadata>): void;
  fail(status: ReturnType<typeof toWireStatus>): void;
}

type Requests = (call: () => ServerCall) => AsyncIterable<unknown>;

function serve(
  spec: StreamingSpec,
  call: Readable | Writable,
  requests: Requests,
  options: ServeOptions,
  sink: AnswerSink,
): void {
  let answered = false;
  let answers: AsyncIterator<unknown> | undefined;
  const serverCall = openServerCall(spec.method, call, options.limits, giveUp);
  const forget = serverCall.context.timeoutMs() === undefined ? options.endless.add(serverCall.end) : undefined;

  function fail(error: ConnectError): void {
    if (answered) return;
    answered = true;
    serverCall.close();
    if (call.cancelled) return;
    trySendHeader(call, serverCall);
    sink.fail(toWireStatus(error, serverCall.writtenTrailer));
  }

  function giveUp(error: ConnectError): void {
    fail(error);
    // Lets a generator that is waiting at a yield run its `finally`.
    answers?.return?.().catch(() => undefined);
  }

  async function pump(): Promise<void> {
    offerGzip(call, options.gzipAnswersFrom);
    const invoke = transformInvokeImplementation(spec, serverCall.context, [...options.interceptors]);
    answers = invoke(requests(() => serverCall) as never)[Symbol.asyncIterator]();
    for (let first = true; ; first = false) {
      const next = await answers.next();
      if (answered) return;
      if (first) sendHeader(call, serverCall);
      if (next.done === true) break;
      const bytes = serializeMessage(spec.method.output, next.value as never, options.maxAnswerBytes);
      const packed = await packAnswer(call, bytes, options.gzipAnswersFrom);
      if (answered) return;
      await sink.write(packed);
    }
    const trailer = toMetadata(serverCall.writtenTrailer);
    if (answered) return;
    answered = true;
    serverCall.close();
    sink.end(trailer);
  }

  pump()
    .catch((thrown: unknown) => giveUp(toPublicError(thrown, serverCall.ended, options.onError)))
    .finally(forget)
    .finally(options.onSettled);
}

function singleRequest(method: DescMethodStreaming, bytes: Buffer): Requests {
  return () => createAsyncIterable([parseMessage(method.input, bytes)]);
}

function requestsOf(method: DescMethodStreaming, call: Readable): Requests {
  return async function* requests(serverCall) {
    try {
      // The writing half of the same stream is still needed when the reading one has been read.
      for await (const bytes of call.iterator({ destroyOnReturn: false })) yield parseMessage(method.input, bytes);
    } catch (thrown) {
      throw serverCall().ended ?? thrown;
    }
  };
}

/** Answers that may wait for a slow reader, in bytes; of one call. */
const maxWaitingBytes = 262_144;

function writeTo(call: Writable): AnswerSink {
  let waiting = 0;
  let resume: (() => void) | undefined;
  return {
    async write(bytes) {
      waiting += bytes.byteLength;
      const takesMore = call.write(bytes, () => {
        waiting -= bytes.byteLength;
        resume?.();
      });
      if (takesMore && waiting < maxWaitingBytes) return;
      await new Promise<void>((resolve) => {
        resume = () => resolve();
        for (const event of ends) call.once(event, resume);
      });
      if (resume !== undefined) for (const event of ends) call.removeListener(event, resume);
      resume = undefined;
    },
    end: (trailer) => call.end(trailer),
    fail: (status) => call.emit('error', status),
  };
}

/** After these a stream takes nothing any more, and calls no write back. */
const ends = ['cancelled', 'close', 'finish'] as const;
