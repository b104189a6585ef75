import { z } from 'zod';
import type { AuthenticaConfig } from '../../config.ts';
import type { Language } from '../../domain/facts.ts';
import { type CallTools, createHttpCaller, type HttpAnswer } from '../http/create-http-caller.ts';
import { toRefusal } from '../http/to-refusal.ts';
import { ProviderError } from '../provider-error.ts';
import type { CodeOrder, CodeProvider } from '../providers.ts';

const name = 'authentica';

/** The account's templates. */
const templateIds: Record<Language, number> = { ar: 1, en: 2 };

const successSchema = z.object({ success: z.boolean(), message: z.string().optional() });
const errorSchema = z.object({ message: z.string() });

/**
 * Authentica, for one-time codes of our own making (docs.authentica.sa, send-otp). It knows no idempotency and gives no id:
 * a call repeated after a lost answer would send a second message.
 */
export function createAuthentica({ url, apiKey }: AuthenticaConfig, tools: CallTools): CodeProvider {
  const call = createHttpCaller({ name, url }, tools);
  const headers = { 'content-type': 'application/json', 'x-authorization': apiKey };
  return {
    name,
    sendCode: (order) => call({ path: '/api/v2/send-otp', headers, body: toBody(order) }, readAnswer),
  };
}

function toBody({ channel, phone, code, language }: CodeOrder): string {
  return JSON.stringify({ method: channel, phone, otp: code, template_id: templateIds[language] });
}

/** The success flag counts as much as the status: a 200 may say no. */
function readAnswer(answer: HttpAnswer): void {
  const { status, json } = answer;
  if (status < 200 || status > 299) throw toError(answer);
  const read = successSchema.safeParse(json);
  if (!read.success)
    throw new ProviderError('an answer that cannot be read', { isRetryable: true, mayHaveActed: true, status });
  if (!read.data.success) throw toRefusal(answer, { words: read.data.message ?? '', isRetryable: false });
}

function toError(answer: HttpAnswer): ProviderError {
  const { status, json } = answer;
  const read = errorSchema.safeParse(json);
  const isRetryable = status === 408 || status === 429 || status >= 500;
  return toRefusal(answer, { words: read.success ? read.data.message : '', isRetryable });
}
