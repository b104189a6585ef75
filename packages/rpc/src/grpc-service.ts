import type { Server, UntypedHandleCall } from '@grpc/grpc-js';
import { handleBidi, handleClientStreaming, handleServerStreaming } from './handle-streaming.ts';
import { handleUnary, type ServeOptions } from './handle-unary.ts';
import { passBytes } from './message-bytes.ts';
import { gateHandler, gateOf, kindOf } from './overload/gate-handler.ts';
import type { OverloadGate } from './overload/overload-gate.ts';
import type { Route } from './routes.ts';

const bytesOnly = {
  requestSerialize: passBytes,
  requestDeserialize: passBytes,
  responseSerialize: passBytes,
  responseDeserialize: passBytes,
};

/** Puts routes on a grpc-js server. A route's own interceptors take the place of the server's. */
export function addRoutes(
  server: Server,
  routes: readonly Route[],
  options: ServeOptions & { overload?: OverloadGate | undefined },
): void {
  for (const route of routes) {
    const method = route.spec.method;
    const requestStream = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
    const responseStream = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
    const definition = { ...bytesOnly, path: route.path, requestStream, responseStream };
    const interceptors = route.interceptors ?? options.interceptors;
    const gate = gateOf(method, options.overload);
    const onSettled = gate && (() => gate.leave(kindOf(method)));
    const handler = toHandler(route, { ...options, interceptors, onSettled });
    server.addService(
      { [method.name]: definition },
      { [method.name]: gate ? gateHandler(handler, method, gate) : handler },
    );
  }
}

function toHandler(route: Route, options: ServeOptions): UntypedHandleCall {
  switch (route.spec.kind) {
    case 'unary':
      return handleUnary(route.spec, options);
    case 'client_streaming':
      return handleClientStreaming(route.spec, options);
    case 'server_streaming':
      return handleServerStreaming(route.spec, options);
    case 'bidi_streaming':
      return handleBidi(route.spec, options);
  }
}
