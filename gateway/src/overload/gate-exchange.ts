import { isCritical, type OverloadGate } from '@mawid/rpc';
import { overloadRetrySeconds } from '@mawid/service-kit';
import type { Exchange } from '../http/exchange.ts';
import type { Binding } from '../rest/binding.ts';
import { Refusal } from '../rest/problem/refusal.ts';

/** Turns a request away for the state of the process, not for anything in the request. */
export class OverloadRefusal extends Refusal {
  constructor() {
    super('UNAVAILABLE', { status: 503, retryAfterSeconds: overloadRetrySeconds });
  }
}

/**
 * Lets a request in that has a route, before its token or body is looked at; throws an OverloadRefusal. Whoever was let
 * in must `leaveGate` when its answer is over.
 */
export function enterGate(exchange: Exchange, binding: Binding, gate: OverloadGate | undefined): void {
  if (gate === undefined) return;
  const kind = binding.stream === undefined ? 'unary' : 'stream';
  if (gate.enter({ kind, isCritical: isCritical(binding.method) }) !== undefined) throw new OverloadRefusal();
  exchange.admittedAs = kind;
}

export function leaveGate(exchange: Exchange, gate: OverloadGate | undefined): void {
  if (exchange.admittedAs === undefined) return;
  gate?.leave(exchange.admittedAs);
  exchange.admittedAs = undefined;
}

/**
 * Waits for a request's body. One that is not there yet holds no place meanwhile: whoever sends slowly, a byte a second, would
 * otherwise shut the gateway with a thousand connections. Throws an OverloadRefusal when there is no place any more.
 */
export async function awaitBody<T>(
  exchange: Exchange,
  binding: Binding,
  { gate, read }: { gate: OverloadGate | undefined; read: () => Promise<T> },
): Promise<T> {
  if (exchange.admittedAs === undefined || exchange.request.complete) return read();
  leaveGate(exchange, gate);
  const body = await read();
  enterGate(exchange, binding, gate);
  return body;
}
