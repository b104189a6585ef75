import { create, type DescMessage, type DescMethodUnary, type MessageShape } from '@bufbuild/protobuf';
import type { HandlerContext, Interceptor, MethodImplSpec, UnaryRequest, UnaryResponse } from '@connectrpc/connect';

type UnarySpec = Extract<MethodImplSpec, { kind: 'unary' }>;
type AnyNext = Parameters<Interceptor>[0];
type UnaryNext = (request: UnaryRequest) => Promise<UnaryResponse>;

/** Puts interceptors around a call; the first in the list is the outermost. */
export function intercept(next: UnaryNext, interceptors: readonly Interceptor[]): UnaryNext {
  let chained = next as AnyNext;
  for (let i = interceptors.length - 1; i >= 0; i--) {
    const interceptor = interceptors[i];
    if (interceptor !== undefined) chained = interceptor(chained);
  }
  return chained as UnaryNext;
}

/**
 * Runs a unary implementation inside its interceptors. What they put into headers and trailers ends in the context,
 * as it would with Connect's own servers; unlike those it makes nothing that nobody looks at.
 */
export async function invokeUnary(
  spec: UnarySpec,
  context: HandlerContext,
  message: MessageShape<DescMessage>,
  interceptors: readonly Interceptor[],
): Promise<MessageShape<DescMessage>> {
  if (interceptors.length === 0) return create(spec.method.output, await spec.impl(message, context));
  const request = toRequest(spec.method, context, message);
  let given: UnaryResponse | undefined;
  const run = intercept(async (actual) => {
    const answer = await spec.impl(actual.message, actual === request ? context : merge(context, actual));
    given = toResponse(spec.method, context, create(spec.method.output, answer));
    return given;
  }, interceptors);
  const response = await run(request);
  if (response !== given) {
    replace(context.responseHeader, response.header);
    replace(context.responseTrailer, response.trailer);
  }
  return response.message;
}

function toRequest(method: DescMethodUnary, context: HandlerContext, message: MessageShape<DescMessage>): UnaryRequest {
  return {
    stream: false,
    message,
    method,
    service: method.parent,
    requestMethod: context.requestMethod,
    get url() {
      return context.url;
    },
    get signal() {
      return context.signal;
    },
    get header() {
      return context.requestHeader;
    },
    get contextValues() {
      return context.values;
    },
  };
}

function toResponse(
  method: DescMethodUnary,
  context: HandlerContext,
  message: MessageShape<DescMessage>,
): UnaryResponse {
  return {
    stream: false,
    message,
    method,
    service: method.parent,
    get header() {
      return context.responseHeader;
    },
    get trailer() {
      return context.responseTrailer;
    },
  };
}

function merge(context: HandlerContext, request: UnaryRequest): HandlerContext {
  return {
    ...context,
    service: request.service,
    requestHeader: request.header,
    signal: request.signal,
    values: request.contextValues,
  };
}

function replace(target: Headers, source: Headers): void {
  if (target === source) return;
  for (const name of [...target.keys()]) target.delete(name);
  for (const [name, value] of source) target.append(name, value);
}
