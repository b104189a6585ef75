import type { IncomingMessage, ServerResponse } from 'node:http';
import { Code, ConnectError, createConnectRouter, createContextValues, type HandlerContext } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from '@connectrpc/connect-node';
import { concealErrors } from './conceal-errors.ts';
import { type DeadlineLimits, rememberDeadline } from './deadline.ts';
import type { ServingOptions } from './grpc-server.ts';
import { limitDeadline } from './limit-deadline.ts';
import { maxAnswerBytes, maxRequestBytes } from './message-limits.ts';
import { gateRequest, refusalKey } from './overload/gate-request.ts';
import { peerAddress } from './peer-address.ts';
import { readOut } from './read-out.ts';
import { collectRoutes } from './routes.ts';
import { withStandardServices } from './standard-services.ts';
import { whenOver } from './when-over.ts';

export interface ConnectHandlerOptions extends ServingOptions {
  /** When it is aborted, calls that stream answers end with its reason; others may end by themselves. */
  shutdown?: AbortSignal | undefined;
}

/**
 * Serves routes by the Connect protocol and gRPC-Web over HTTP/1.1, as a listener for node:http servers: the same
 * implementations, interceptors, limits and deadlines as by gRPC, with health. Answers 404 to paths it does not know.
 * Bidirectional methods (so reflection too) need HTTP/2 and answer 505 here.
 */
export function createConnectHandler(
  options: ConnectHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const handlers = createHandlers(options);
  const limits: DeadlineLimits = {
    defaultMs: options.defaultDeadlineMs ?? 10_000,
    maxMs: options.maxDeadlineMs ?? 30_000,
  };
  return (request, response) => {
    const handler = handlers.get(request.url?.split('?', 1)[0] ?? '');
    if (handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    readOut(request, response);
    limitDeadline(request.headers, handler.method.methodKind, limits);
    const refusal = gateRequest(handler.method, { request, response }, options.overload);
    const shutdown = streamsAnswers(handler) ? options.shutdown : undefined;
    answer(handler, { request, response }, { refusal, shutdown }).catch((error: unknown) => {
      // A caller who left is no error of ours. connect-node's own adapter writes both to the console.
      if (!response.destroyed) options.onError?.(error);
      response.destroy();
    });
  };
}

/** The handlers by their path. */
function createHandlers(options: ConnectHandlerOptions): Map<string, UniversalHandler> {
  const conceal = concealErrors(options.onError);
  const router = createConnectRouter({
    grpc: false,
    acceptCompression: [compressionGzip, compressionBrotli],
    readMaxBytes: options.maxRequestBytes ?? maxRequestBytes,
    writeMaxBytes: options.maxAnswerBytes ?? maxAnswerBytes,
    requestGate: openCall,
  });
  for (const { spec, interceptors } of collectRoutes(withStandardServices(options.routes, options.health).routes)) {
    const around = [conceal, ...(interceptors ?? options.interceptors ?? [])];
    router.rpc(spec.method, spec.impl as never, { interceptors: around });
  }
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function streamsAnswers({ method: { methodKind } }: UniversalHandler): boolean {
  return methodKind === 'server_streaming' || methodKind === 'bidi_streaming';
}

async function answer(
  handler: UniversalHandler,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { refusal, shutdown }: { refusal: ConnectError | undefined; shutdown: AbortSignal | undefined },
): Promise<void> {
  const gone = goneSignal(request, response);
  const values = createContextValues().set(peerAddress, request.socket.remoteAddress).set(refusalKey, refusal);
  const universal = {
    ...universalRequestFromNodeRequest(request, response, undefined, values),
    signal: shutdown === undefined ? gone : AbortSignal.any([gone, shutdown]),
  };
  await universalResponseToNodeResponse(await handler(universal), response);
}

/** Aborted when the client leaves before its answer, for the same reason as by gRPC: connect-node's own has none. */
function goneSignal(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  whenOver(request, response, () => {
    if (!response.writableFinished) gone.abort(new ConnectError('the call was cancelled', Code.Canceled));
  });
  return gone.signal;
}

/** Before the body is read. Calls made with the signal of a handler inherit its deadline, as by gRPC. */
function openCall(context: HandlerContext): void {
  const refusal = context.values.get(refusalKey);
  if (refusal !== undefined) throw refusal;
  const timeoutMs = context.timeoutMs();
  if (timeoutMs !== undefined) rememberDeadline(context.signal, Date.now() + timeoutMs);
}
