import { Code, ConnectError } from '@connectrpc/connect';

/**
 * What a caller may learn of a failure: a ConnectError as it is; the reason of the call's end (cancelled, too late)
 * when that is what stopped the handler; INTERNAL without any text for everything else, which goes to `onError`.
 */
export function toPublicError(
  thrown: unknown,
  ended: ConnectError | undefined,
  onError: ((error: unknown) => void) | undefined,
): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  if (ended !== undefined) return ended;
  try {
    onError?.(thrown);
  } catch {
    // Its caller is answered all the same. Nobody is left to be told: whoever is told of errors fails.
  }
  return new ConnectError('internal error', Code.Internal, undefined, undefined, thrown);
}
