import { ConnectError, type Interceptor, type StreamResponse } from '@connectrpc/connect';
import { toPublicError } from './public-error.ts';

/**
 * Does for Connect's own servers what ours does by itself: errors that are not ConnectErrors become INTERNAL without
 * their text and go to `onError`, and a unary call ends at its deadline even when its handler does not.
 */
export function concealErrors(onError: ((error: unknown) => void) | undefined): Interceptor {
  return (next) => async (request) => {
    const { signal } = request;
    try {
      if (!request.stream) return await Promise.race([next(request), aborted(signal)]);
      const response = (await next(request)) as StreamResponse;
      return { ...response, message: concealed(response.message, signal, onError) };
    } catch (thrown) {
      throw toPublicError(thrown, endOf(signal), onError);
    }
  };
}

async function* concealed<T>(
  messages: AsyncIterable<T>,
  signal: AbortSignal,
  onError: ((error: unknown) => void) | undefined,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (thrown) {
    throw toPublicError(thrown, endOf(signal), onError);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(endOf(signal)), { once: true });
  });
}

function endOf(signal: AbortSignal): ConnectError | undefined {
  if (!signal.aborted) return undefined;
  return signal.reason instanceof ConnectError ? signal.reason : ConnectError.from(signal.reason);
}
