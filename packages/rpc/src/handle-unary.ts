import type { ConnectError, Interceptor, MethodImplSpec } from '@connectrpc/connect';
import type { handleUnaryCall, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { offerGzip, packAnswer } from './compression.ts';
import type { DeadlineLimits } from './deadline.ts';
import type { EndlessCalls } from './endless-calls.ts';
import { invokeUnary } from './invoke-unary.ts';
import { parseMessage, serializeMessage } from './message-bytes.ts';
import { toMetadata } from './metadata.ts';
import { toPublicError } from './public-error.ts';
import { sendHeader, trySendHeader } from './send-header.ts';
import { openServerCall, type ServerCall } from './server-call.ts';
import { toWireStatus } from './wire-status.ts';

/** What serving a call needs beside the call. */
export interface ServeOptions {
  interceptors: readonly Interceptor[];
  limits: DeadlineLimits;
  maxAnswerBytes: number;
  gzipAnswersFrom: number | undefined;
  endless: EndlessCalls;
  onError: ((error: unknown) => void) | undefined;
  /** Is told of every call whose handler has ended, be its caller still there or not. */
  onSettled?: (() => void) | undefined;
}

type UnarySpec = Extract<MethodImplSpec, { kind: 'unary' }>;

/** A unary RPC as grpc-js wants it. */
export function handleUnary(spec: UnarySpec, options: ServeOptions): handleUnaryCall<Buffer, Buffer> {
  // Made once: `finally` would make three closures for each call.
  const settleFailed = (failure: unknown): never => {
    options.onSettled?.();
    throw failure;
  };
  return function unary(call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void {
    let answered = false;
    const serverCall = openServerCall(spec.method, call, options.limits, fail);

    function fail(error: ConnectError): void {
      if (answered) return;
      answered = true;
      serverCall.close();
      if (call.cancelled) return;
      trySendHeader(call, serverCall);
      callback(toWireStatus(error, serverCall.writtenTrailer));
    }

    function succeed(bytes: Buffer): void {
      if (answered) return;
      const trailer = serverCall.writtenTrailer;
      const metadata = trailer === undefined ? undefined : toMetadata(trailer);
      sendHeader(call, serverCall);
      answered = true;
      serverCall.close();
      callback(null, bytes, metadata);
    }

    answer(spec, call, serverCall, options)
      .then(succeed)
      .catch((thrown: unknown) => fail(toPublicError(thrown, serverCall.ended, options.onError)))
      .then(options.onSettled, settleFailed);
  };
}

async function answer(
  spec: UnarySpec,
  call: ServerUnaryCall<Buffer, Buffer>,
  { context }: ServerCall,
  options: ServeOptions,
): Promise<Buffer> {
  const message = parseMessage(spec.method.input, call.request);
  const response = await invokeUnary(spec, context, message, options.interceptors);
  const bytes = serializeMessage(spec.method.output, response, options.maxAnswerBytes);
  if (options.gzipAnswersFrom === undefined) return bytes;
  offerGzip(call, options.gzipAnswersFrom);
  return packAnswer(call, bytes, options.gzipAnswersFrom);
}
