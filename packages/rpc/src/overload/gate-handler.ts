import type { DescMethod } from '@bufbuild/protobuf';
import type { handleUnaryCall, StatusObject, UntypedHandleCall } from '@grpc/grpc-js';
import { toWireStatus } from '../wire-status.ts';
import { isCritical, isStandard } from './is-critical.ts';
import type { CallKind, OverloadGate, ShedReason } from './overload-gate.ts';
import { pushbackKey, retryDelayOf } from './retry-delay.ts';

type UnaryHandler = handleUnaryCall<Buffer, Buffer>;
type UnaryCall = Parameters<UnaryHandler>[0];
type Respond = Parameters<UnaryHandler>[1];

/** Of all four kinds: those that stream answers have no callback, and are told by an event. */
type AnyHandler = (call: UnaryCall, respond?: Respond) => void;

/**
 * Puts the gate before a handler of grpc-js: a refused call is answered before its request is parsed. Whoever runs the
 * handler says with `gate.leave` that it has ended.
 */
export function gateHandler(handler: UntypedHandleCall, method: DescMethod, gate: OverloadGate): UntypedHandleCall {
  const admitted = { kind: kindOf(method), isCritical: isCritical(method) };
  const serve = handler as unknown as AnyHandler;
  const statuses = new Map<ShedReason, StatusObject>();

  // A refusal must cost next to nothing, so that making many of them does not overload.
  function statusOf(reason: ShedReason): StatusObject {
    const status = statuses.get(reason) ?? toStatus(gate, reason);
    statuses.set(reason, status);
    return status;
  }

  function gated(call: UnaryCall, respond?: Respond): void {
    const remainingMs = Number(call.getDeadline()) - Date.now();
    const reason = gate.enter({ ...admitted, remainingMs });
    if (reason === undefined) serve(call, respond);
    else if (respond === undefined) call.emit('error', statusOf(reason));
    else respond(statusOf(reason));
  }
  return gated as unknown as UntypedHandleCall;
}

/** The gate of a method's calls; undefined where none is to count or refuse them. */
export function gateOf(method: DescMethod, gate: OverloadGate | undefined): OverloadGate | undefined {
  return isStandard(method) ? undefined : gate;
}

export function kindOf(method: DescMethod): CallKind {
  return method.methodKind === 'unary' ? 'unary' : 'stream';
}

function toStatus(gate: OverloadGate, reason: ShedReason): StatusObject {
  const error = gate.toError(reason);
  const status = toWireStatus(error, undefined);
  const delayMs = retryDelayOf(error);
  if (delayMs !== undefined) status.metadata.set(pushbackKey, String(delayMs));
  return status;
}
