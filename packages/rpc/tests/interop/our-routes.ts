import { setTimeout as wait } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { ConnectError, type HandlerContext } from '@connectrpc/connect';
import type { Routes } from '../../src/index.ts';
import { EmptySchema, type EndStatus, InteropService, type UnaryRequest } from '../gen/interop_pb.js';
import { echoedInHeader, echoedInTrailer, payloadsOf } from './behaviour.ts';

/** The interop service as services of ours are written. */
export function interopRoutes(onCall: (context: HandlerContext) => void = () => undefined): Routes {
  async function answerOnce(request: UnaryRequest, context: HandlerContext) {
    open(context, onCall);
    if (request.waitMs > 0) await wait(request.waitMs, undefined, { signal: context.signal });
    failAs(request.status);
    return { payload: new Uint8Array(request.answerSize), requestMethod: context.requestMethod };
  }
  return (router) => {
    router.service(InteropService, {
      emptyCall(_, context) {
        open(context, onCall);
        return create(EmptySchema);
      },
      unaryCall: answerOnce,
      cacheableUnaryCall: answerOnce,
      async *streamingOutputCall(request, context) {
        open(context, onCall);
        for await (const payload of payloadsOf(request, context.signal)) yield { payload };
        failAs(request.status);
      },
      async streamingInputCall(requests, context) {
        open(context, onCall);
        let totalSize = 0;
        for await (const { payload, status } of requests) {
          totalSize += payload.length;
          failAs(status);
        }
        return { totalSize };
      },
      async *fullDuplexCall(requests, context) {
        open(context, onCall);
        for await (const request of requests) {
          for await (const payload of payloadsOf(request, context.signal)) yield { payload };
          failAs(request.status);
        }
      },
    });
  };
}

function open(context: HandlerContext, onCall: (context: HandlerContext) => void): void {
  onCall(context);
  for (const name of echoedInHeader) copy(context.requestHeader, context.responseHeader, name);
  for (const name of echoedInTrailer) copy(context.requestHeader, context.responseTrailer, name);
}

function copy(from: Headers, to: Headers, name: string): void {
  const value = from.get(name);
  if (value !== null) to.set(name, value);
}

function failAs(status: EndStatus | undefined): void {
  if (status === undefined) return;
  const error = new ConnectError(status.message, status.code);
  error.details = status.details.map(({ type, value }) => ({ type, value }));
  throw error;
}
