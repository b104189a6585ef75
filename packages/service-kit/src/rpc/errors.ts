import type { Interceptor } from '@connectrpc/connect';
import { context } from '@opentelemetry/api';
import { translateError } from '../errors/translate-error.ts';
import type { Logger } from '../logger/create-logger.ts';
import { bindStream } from './bind-stream.ts';
import type { RefusalObserver } from './undeclared-reasons.ts';

/** Lets refusals pass, turns everything else into an error without inner texts, and logs faults with the trace. `observe` sees every error that goes out. */
export function errors(logger: Logger, observe: RefusalObserver): Interceptor {
  return (next) => async (request) => {
    const fail = (thrown: unknown): never => {
      const { error, isFault } = translateError(thrown, request.signal);
      const method = `${request.service.typeName}/${request.method.name}`;
      if (isFault) logger.error({ err: error.cause ?? thrown, rpc_method: method }, 'a call failed');
      observe(request.method, error);
      throw error;
    };
    try {
      const response = await next(request);
      if (!response.stream) return response;
      return { ...response, message: translateStream(response.message, fail) };
    } catch (thrown) {
      return fail(thrown);
    }
  };
}

async function* translateStream<T>(messages: AsyncIterable<T>, fail: (thrown: unknown) => never): AsyncGenerator<T> {
  try {
    yield* bindStream(messages, context.active(), () => undefined);
  } catch (thrown) {
    fail(thrown);
  }
}
