import type { Context } from '../context.ts';
import { openCode } from '../crypto/open-code.ts';
import { beginAttempt } from '../db/message-moves.ts';
import type { ClaimedRow } from '../db/rows.ts';
import { type ProviderError, toProviderError } from '../provider/provider-error.ts';
import type { CodeOrder } from '../provider/providers.ts';
import { endExpired, failMessage, failUnknown, isExpired, markSent, retryMessage } from './outcomes.ts';
import { sendSafely } from './send-safely.ts';

/**
 * Sends a one-time code, once at most. The provider has no idempotency: when an answer is lost, or a process died before it had
 * written the answer down, nobody calls again. Only a refusal, which leaves no doubt, is tried again; none after its time.
 */
export function sendCode(ctx: Context, row: ClaimedRow): Promise<void> {
  return sendSafely(ctx, row, async () => {
    if (row.isCallOpen) return failUnknown(ctx, row);
    if (isExpired(ctx, row)) return endExpired(ctx, row);
    const order = await toOrder(ctx, row);
    if (!order) return failMessage(ctx, row, { reason: 'code_unreadable' });
    const { name: provider } = ctx.providers.code;
    if (!(await beginAttempt(ctx.database, row, { provider, channel: row.channel }))) return;
    // A process that was stopped here for long would send a code that is good for nothing.
    if (isExpired(ctx, row)) return endExpired(ctx, row);
    try {
      await ctx.providers.code.sendCode(order);
    } catch (error) {
      return settleFailure(ctx, row, toProviderError(error));
    }
    await markSent(ctx, row, { provider, decision: 'sent' });
  });
}

async function toOrder({ config, logger }: Context, row: ClaimedRow): Promise<CodeOrder | undefined> {
  const { phone, language, channel, sealedCode } = row;
  if (phone === null || language === null || sealedCode === null) return undefined;
  try {
    return { phone, language, channel, code: await openCode(sealedCode, config.envelopeKey) };
  } catch {
    logger.error({ message_id: row.id }, 'a code cannot be opened: OTP_ENVELOPE_KEY differs from identity’s');
    return undefined;
  }
}

/** Where WhatsApp refuses, whatever its trouble is, the same code goes out as SMS at once. */
function settleFailure(ctx: Context, row: ClaimedRow, failure: ProviderError): Promise<void> {
  if (failure.mayHaveActed) return failUnknown(ctx, row, failure);
  if (row.channel === 'whatsapp') return retryMessage(ctx, row, { failure, fallBackTo: 'sms' });
  return failure.isRetryable
    ? retryMessage(ctx, row, { failure })
    : failMessage(ctx, row, { reason: failure.message, failure });
}
