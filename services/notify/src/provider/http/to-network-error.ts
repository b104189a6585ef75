import { ProviderError } from '../provider-error.ts';

/** The error of a call that brought no answer: nobody knows whether the provider has acted. */
export function toNetworkError(cause: unknown): ProviderError {
  const { name, cause: inner } = cause as { name?: string; cause?: { code?: string } };
  return new ProviderError(`no answer: ${inner?.code ?? name ?? 'unknown'}`, { isRetryable: true, cause });
}
