import type { DescMethod } from '@bufbuild/protobuf';
import { createContextValues, createHandlerContext, type HandlerContext } from '@connectrpc/connect';
import { type Caller, callerKey, nobody } from '../rpc/caller.ts';

/** The context of one call, for handlers and functions tested without a transport. */
export function createTestContext(method: DescMethod, caller: Partial<Caller> = {}): HandlerContext {
  const kind = caller.userId ? 'user' : 'anonymous';
  return createHandlerContext({
    service: method.parent,
    method,
    protocolName: 'grpc',
    requestMethod: 'POST',
    url: `http://test/${method.parent.typeName}/${method.name}`,
    contextValues: createContextValues().set(callerKey, { ...nobody, kind, ...caller }),
  });
}
