import { maskText } from '@mawid/service-kit';
import { ProviderError } from '../provider-error.ts';
import type { HttpAnswer } from './create-http-caller.ts';

/** Longest part of a provider's words that we keep. */
const longest = 160;

/** A proxy before the provider has passed the request on and got no answer itself. */
const gatewayTimeout = 504;

/** The error of an answer that says no. `words` are the provider's: numbers are taken out of them. */
export function toRefusal(
  { status, retryAfterMs }: HttpAnswer,
  { words, isRetryable }: { words: string; isRetryable: boolean },
): ProviderError {
  const text = withoutNumbers(words).slice(0, longest).trim();
  const mayHaveActed = status === gatewayTimeout;
  return new ProviderError(`${status} ${text}`.trim(), { isRetryable, mayHaveActed, status, retryAfterMs });
}

/** A provider may repeat the phone or the code in its answer. */
function withoutNumbers(text: string): string {
  return maskText(text).replaceAll(/\p{Nd}{4,}/gu, '•');
}
