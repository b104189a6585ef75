import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DescMethod } from '@bufbuild/protobuf';
import { type ConnectError, createContextKey } from '@connectrpc/connect';
import { whenOver } from '../when-over.ts';
import { gateOf, kindOf } from './gate-handler.ts';
import { isCritical } from './is-critical.ts';
import type { OverloadGate } from './overload-gate.ts';
import { retryDelayOf } from './retry-delay.ts';

/** Carries the refusal of a call from the listener into the protocol that knows how to tell it. */
export const refusalKey = createContextKey<ConnectError | undefined>(undefined, { description: 'refusal' });

/**
 * Puts the gate before a call over HTTP/1.1. Gives the error it is to be refused with, and says `retry-after` then;
 * a call let in leaves when its response is over.
 */
export function gateRequest(
  method: DescMethod,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  overload: OverloadGate | undefined,
): ConnectError | undefined {
  const gate = gateOf(method, overload);
  if (gate === undefined) return undefined;
  const kind = kindOf(method);
  const reason = gate.enter({ kind, isCritical: isCritical(method) });
  if (reason === undefined) {
    whenOver(request, response, () => gate.leave(kind));
    return undefined;
  }
  const error = gate.toError(reason);
  const delayMs = retryDelayOf(error);
  if (delayMs !== undefined) response.setHeader('retry-after', Math.ceil(delayMs / 1_000));
  return error;
}
