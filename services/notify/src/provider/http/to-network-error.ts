import { ProviderError } from '../provider-error.ts';

// The codes of a call that ended before a connection stood: no byte of the request has left.
const beforeWriting = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'],
]);

/** The error of a call that brought no answer. Unless it surely ended before the request left, nobody knows whether the provider has acted. */
export function toNetworkError(cause: unknown): ProviderError {
  const { name, cause: inner } = cause as { name?: string; cause?: { code?: string } };
  const mayHaveActed = !beforeWriting.has(inner?.code ?? '');
  return new ProviderError(`no answer: ${inner?.code ?? name ?? 'unknown'}`, {
    isRetryable: true,
    mayHaveActed,
    cause,
  });
}
