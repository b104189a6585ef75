import { z } from 'zod';
import type { UnifonicConfig } from '../../config.ts';
import { type CallTools, createHttpCaller, type HttpAnswer } from '../http/create-http-caller.ts';
import { toRefusal } from '../http/to-refusal.ts';
import { ProviderError } from '../provider-error.ts';
import type { TextOrder, TextProvider } from '../providers.ts';

const name = 'unifonic';

const answerSchema = z.object({
  success: z.union([z.boolean(), z.stringbool()]),
  message: z.string().nullish(),
  errorCode: z.string().nullish(),
});
type Answer = z.infer<typeof answerSchema>;

const duplicateCode = 'ER-09';

/**
 * Unifonic, for texts (docs.unifonic.com). Our message's id is its CorrelationID: the provider refuses a second message with
 * the same one, so a call may be repeated after a lost answer.
 */
export function createUnifonic({ url, appSid, senderId }: UnifonicConfig, tools: CallTools): TextProvider {
  const call = createHttpCaller({ name, url }, tools);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return {
    name,
    sendText: (order) =>
      call({ path: '/SMS/messages', headers, body: toBody(order, { appSid, senderId }) }, readAnswer),
  };
}

function toBody({ phone, body, messageId }: TextOrder, { appSid, senderId }: Omit<UnifonicConfig, 'url'>): string {
  return new URLSearchParams({
    AppSid: appSid,
    SenderID: senderId,
    // International, without + and 00.
    Recipient: phone.replace(/^\+/, ''),
    Body: body,
    responseType: 'JSON',
    CorrelationID: messageId,
  }).toString();
}

function readAnswer(answer: HttpAnswer): 'taken' | 'already_taken' {
  const { status, json } = answer;
  const read = answerSchema.safeParse(json);
  const data = read.success ? read.data : undefined;
  if (status === 409 || data?.errorCode === duplicateCode) return 'already_taken';
  if (status < 200 || status > 299) throw toError(answer, data);
  // It may well have been taken: asking again finds out.
  if (!data)
    throw new ProviderError('an answer that cannot be read', { isRetryable: true, mayHaveActed: true, status });
  if (!data.success) throw toError(answer, data);
  return 'taken';
}

/** Retryable are 429 and 5xx (599 among them); the 4xx of Unifonic's table say what is wrong with the message or us. */
function toError(answer: HttpAnswer, data: Answer | undefined): ProviderError {
  const isRetryable = answer.status === 429 || answer.status >= 500;
  return toRefusal(answer, { words: `${data?.errorCode ?? ''} ${data?.message ?? ''}`.trim(), isRetryable });
}
