import { currentTraceHeaders, type Logger, type Telemetry } from '@mawid/service-kit';
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { CallConfig } from '../../config.ts';
import type { Metrics } from '../../telemetry.ts';
import { ProviderError } from '../provider-error.ts';
import { measureCall } from './measure-call.ts';
import { toNetworkError } from './to-network-error.ts';

export interface CallTools {
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly calls: CallConfig;
}

export interface HttpCall {
  /** After the base URL. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
  readonly retryAfterMs: number | undefined;
}

/** POSTs once; what `read` makes of the answer is the result. */
export type HttpCaller = <T>(call: HttpCall, read: (answer: HttpAnswer) => T) => Promise<T>;

// Some providers' firewalls turn away a runtime's default.
const userAgent = 'Mawid-Notify/0.1 (+https://mawid.sa)';

/** Makes calls, each at most once. After five failures in a row it spares the provider for some seconds. */
export function createHttpCaller(provider: { name: string; url: string }, tools: CallTools): HttpCaller {
  const breaker = createBreaker(provider.name, tools);
  return async (call, read) => {
    const server = new URL(`${provider.url}${call.path}`);
    const send = () =>
      measureCall(tools, { server, template: call.path }, () => post(tools.calls, { server, call }, read));
    try {
      return await breaker.execute(send);
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new ProviderError('not asked: it failed too often', { isRetryable: true, cause: error });
    }
  };
}

function createBreaker(provider: string, { logger, metrics }: CallTools) {
  const isOutage = (error: unknown) => error instanceof ProviderError && error.isRetryable;
  const breaker = circuitBreaker(handleWhen(isOutage), { halfOpenAfter: 3_000, breaker: new ConsecutiveBreaker(5) });
  breaker.onStateChange((state) => {
    const name = CircuitState[state].toLowerCase();
    metrics.circuit.inc({ provider, state: name });
    logger.warn({ provider, circuit: name }, 'the circuit to a message provider changed');
  });
  return breaker;
}

async function post<T>(
  { timeoutMs, sendsTraceparent }: CallConfig,
  { server, call }: { server: URL; call: HttpCall },
  read: (answer: HttpAnswer) => T,
): Promise<T> {
  const headers = { accept: 'application/json', 'user-agent': userAgent, ...call.headers };
  const request: RequestInit = {
    method: 'POST',
    headers: sendsTraceparent ? { ...headers, ...currentTraceHeaders() } : headers,
    body: call.body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  };
  return read(await exchange(server, request));
}

async function exchange(server: URL, request: RequestInit): Promise<HttpAnswer> {
  try {
    const response = await fetch(server, request);
    const json = parseJson(await response.text());
    return { status: response.status, json, retryAfterMs: parseRetryAfter(response.headers.get('retry-after')) };
  } catch (error) {
    throw toNetworkError(error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseRetryAfter(text: string | null): number | undefined {
  return text !== null && /^\d{1,5}$/.test(text) ? Number(text) * 1_000 : undefined;
}
