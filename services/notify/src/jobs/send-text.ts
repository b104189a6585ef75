import type { Context } from '../context.ts';
import { beginAttempt } from '../db/message-moves.ts';
import type { ClaimedRow } from '../db/rows.ts';
import { countParts } from '../domain/count-parts.ts';
import type { Language } from '../domain/facts.ts';
import { renderText } from '../domain/render-text.ts';
import { toProviderError } from '../provider/provider-error.ts';
import { askBooking } from './ask-booking.ts';
import { dropMessage, endExpired, failMessage, isExpired, markSent, putOff, retryMessage } from './outcomes.ts';
import { sendSafely } from './send-safely.ts';

/** Booking's word is not older than this when the provider is called: a process that was stopped in between asks again. */
const freshMs = 5_000;

interface Text {
  readonly phone: string;
  readonly language: Language;
  readonly body: string;
}

/**
 * Sends a text, if it is still true. The provider refuses a second message with our id, so a repetition
 * after a lost answer, or after the death of this process, reaches nobody twice.
 */
export function sendText(ctx: Context, row: ClaimedRow): Promise<void> {
  return sendSafely(ctx, row, async () => {
    // A fact about somebody who is gone, which came late.
    if (row.isErased && !row.forgets) return dropMessage(ctx, row, { reason: 'user_erased', forgets: true });
    if (isExpired(ctx, row)) return endExpired(ctx, row);
    const text = toText(row);
    if (!text) return putOff(ctx, row, 'contact_unknown');
    const askedAt = ctx.clock.now();
    const verdict = await askBooking(ctx, row);
    if (verdict === 'moved') return dropMessage(ctx, row, { reason: 'booking_moved', text });
    if (verdict === 'gone') return dropMessage(ctx, row, { reason: 'booking_unknown', text });
    if (verdict !== 'true') return putOff(ctx, row, verdict === 'ahead' ? 'booking_behind' : 'booking_unreachable');
    await call(ctx, row, { text, askedAt });
  });
}

/** What was tried once is what is tried again, whatever has become of the contact. */
function toText({ facts, phone, language, body }: ClaimedRow): Text | undefined {
  if (facts === null || phone === null || language === null) return undefined;
  return { phone, language, body: body ?? renderText(facts, language) };
}

async function call(ctx: Context, row: ClaimedRow, { text, askedAt }: { text: Text; askedAt: Date }): Promise<void> {
  const { name: provider } = ctx.providers.text;
  if (!(await beginAttempt(ctx.database, row, { provider, channel: 'sms', text }))) return;
  if (ctx.clock.now().getTime() - askedAt.getTime() > freshMs) return putOff(ctx, row, 'booking_asked_too_long_ago');
  let outcome: 'taken' | 'already_taken';
  try {
    outcome = await ctx.providers.text.sendText({ messageId: row.id, phone: text.phone, body: text.body });
  } catch (error) {
    const failure = toProviderError(error);
    if (failure.isRetryable) return retryMessage(ctx, row, { failure });
    return failMessage(ctx, row, { reason: failure.message, failure });
  }
  await markSent(ctx, row, { provider, decision: outcome === 'taken' ? 'sent' : 'recognised' });
  ctx.metrics.parts.inc({ kind: row.kind, language: text.language }, countParts(text.body));
}
