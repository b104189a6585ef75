import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Cors } from './http/cors.ts';
import { createExchange, type Exchange } from './http/exchange.ts';
import { ClientGoneError } from './http/read-body.ts';
import { assertFewHeaders, assertHost, headerOf } from './http/request-headers.ts';
import { type Answer, send } from './http/send.ts';
import { sendProblem } from './http/send-problem.ts';
import { enterGate, leaveGate } from './overload/gate-exchange.ts';
import { isFault } from './overload/is-fault.ts';
import { call } from './rest/call.ts';
import { Refusal } from './rest/problem/refusal.ts';
import { toRefusal } from './rest/problem/to-refusal.ts';
import { resolve } from './rest/resolve.ts';
import type { Routes } from './rest/routes.ts';
import { callStream } from './rest/stream/call-stream.ts';
import type { StreamCallOptions } from './rest/stream/stream-work.ts';
import type { SystemRoute, SystemRoutes } from './system/system-routes.ts';
import type { Observer } from './telemetry.ts';

export interface GatewayOptions extends StreamCallOptions {
  readonly routes: Routes;
  readonly systemRoutes: SystemRoutes;
  readonly cors: Cors;
  readonly observer: Observer;
  /** While true, connections are not kept. */
  isDraining(): boolean;
}

/** The whole REST side as a node:http listener: routes of the protos, and the few of the system. Never throws and always answers. */
export function createGateway(options: GatewayOptions): RequestListener {
  return (request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      options.observer.fault(error);
      response.destroy();
    });
  };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: GatewayOptions): Promise<void> {
  const exchange = createExchange(request, response);
  const headers = options.cors.headersFor(headerOf(request, 'origin'));
  const system = options.systemRoutes.find(exchange.path);
  const work = { exchange, headers, system };
  if (system?.isProbe) {
    await answer(work, options);
    return;
  }
  response.once('close', () => {
    if (!response.writableFinished) exchange.gone.abort();
  });
  try {
    await options.observer.observe(exchange, () => answer(work, options));
  } finally {
    leaveGate(exchange, options.overload);
  }
}

interface Work {
  readonly exchange: Exchange;
  /** Those of every answer to this request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The gateway's own route, where the path is one's. */
  readonly system: SystemRoute | undefined;
}

async function answer({ exchange, headers, system }: Work, options: GatewayOptions): Promise<void> {
  try {
    assertFewHeaders(exchange.request);
    assertHost(exchange.request);
    const given = await (system === undefined ? route(exchange, options) : answerSystem(exchange, system, options));
    endConnectionOf(exchange, options);
    const writing = send(exchange, withHeaders(given, headers));
    if (writing !== undefined) await writing;
  } catch (error) {
    if (error instanceof ClientGoneError) return;
    const refusal = toRefusal(error);
    exchange.refusedFor = refusal.code;
    if (isFault(refusal, error)) options.observer.fault(error);
    endConnectionOf(exchange, options);
    sendProblem(exchange, refusal, headers);
  }
}

function answerSystem(exchange: Exchange, system: SystemRoute, { cors }: GatewayOptions): Answer | Promise<Answer> {
  return exchange.method === 'OPTIONS' ? preflight(exchange, system.allow, cors) : system.answer(exchange);
}

async function route(exchange: Exchange, options: GatewayOptions): Promise<Answer> {
  const resolution = resolve(options.routes, exchange.method, exchange.path);
  switch (resolution.kind) {
    case 'not_found':
      throw new Refusal('NOT_FOUND', { status: 404 });
    case 'wrong_method':
      throw new Refusal('METHOD_NOT_ALLOWED', { status: 405, headers: { allow: resolution.allow.join(', ') } });
    case 'options':
      return preflight(exchange, resolution.allow, options.cors);
    case 'call':
      exchange.route = resolution.binding.route;
      exchange.bodyField = resolution.binding.bodyField;
      enterGate(exchange, resolution.binding, options.overload);
      return resolution.binding.stream === undefined
        ? call(exchange, resolution.binding, resolution.path, options)
        : callStream(exchange, resolution.binding, resolution.path, options);
  }
}

function preflight({ request }: Exchange, allow: readonly string[], cors: Cors): Answer {
  const headers = { allow: allow.join(', '), ...cors.preflightFor(headerOf(request, 'origin'), allow) };
  return { status: 204, headers };
}

/** Decided when the answer is there: the drain may have begun while the call ran. */
function endConnectionOf({ response }: Exchange, { isDraining }: GatewayOptions): void {
  if (isDraining()) response.shouldKeepAlive = false;
}

function withHeaders(given: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...given, headers: { ...headers, ...given.headers } };
}
