import type { Logger, Telemetry } from '@mawid/service-kit';
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { z } from 'zod';
import type { MoyasarConfig } from '../../config.ts';
import type { Metrics } from '../../telemetry.ts';
import { ProviderError } from '../provider-error.ts';
import { measureCall } from './measure-call.ts';
import { readAnswer, toNetworkError } from './read-answer.ts';

export interface CallerOptions {
  readonly config: Pick<MoyasarConfig, 'url' | 'secretKey' | 'timeoutMs'>;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly template: string;
  readonly path: string;
  readonly body?: object;
}

export type Caller = <S extends z.ZodType>(call: Call, schema: S) => Promise<z.infer<S>>;

// The firewall before the API turns away some runtimes' default.
const userAgent = 'Mawid-Payments/0.1 (+https://mawid.sa)';

/** Makes calls, each at most once. After five failures in a row it spares the provider for ten seconds. */
export function createCaller(options: CallerOptions): Caller {
  const breaker = createBreaker(options);
  const server = new URL(options.config.url);
  return async (call, schema) => {
    const { method, template } = call;
    const send = () => measureCall(options, { method, template, server }, () => sendOnce(options.config, call, schema));
    try {
      return (await breaker.execute(send)).value;
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      throw new ProviderError('not asked: it failed too often', {
        isRetryable: true,
        mayHaveActed: false,
        cause: error,
      });
    }
  };
}

function createBreaker({ logger, metrics }: CallerOptions) {
  const isOutage = (error: unknown) => error instanceof ProviderError && error.isRetryable;
  const breaker = circuitBreaker(handleWhen(isOutage), { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) });
  breaker.onStateChange((state) => {
    const name = CircuitState[state].toLowerCase();
    metrics.circuit.inc({ state: name });
    logger.warn({ circuit: name }, 'the circuit to the payment provider changed');
  });
  return breaker;
}

async function sendOnce<S extends z.ZodType>(
  { url, secretKey, timeoutMs }: CallerOptions['config'],
  { method, path, body }: Call,
  schema: S,
): Promise<{ status: number; value: z.infer<S> }> {
  const request: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      // The key is the user, the password stays empty.
      authorization: `Basic ${Buffer.from(`${secretKey}:`).toString('base64')}`,
      'user-agent': userAgent,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
  const response = await fetch(`${url}${path}`, request).catch(throwNetworkError);
  return { status: response.status, value: await readAnswer(response, schema) };
}

function throwNetworkError(error: unknown): never {
  throw toNetworkError(error);
}
