import { currentTraceHeaders, type Queryable } from '@mawid/service-kit';
import type { Language } from '../domain/facts.ts';
import type { BookingDraft, NoticeDraft, TextDraft } from '../domain/text-draft.ts';
import type { ChannelName } from './rows.ts';

/** A one-time code to be sent. */
export interface CodeDraft {
  readonly requestId: string;
  readonly phone: string;
  readonly channel: ChannelName;
  readonly language: Language;
  readonly sealedCode: string;
  readonly expiresAt: Date;
}

/** Writes a code's message with the active trace; nothing when the request has one already. */
export async function insertCode(on: Queryable, draft: CodeDraft): Promise<void> {
  const { traceparent, tracestate } = currentTraceHeaders();
  await on.query({
    name: 'messages.insert_code',
    text: `INSERT INTO messages (business_key, lane, kind, reference_id, channel, phone, language, sealed_code, expires_at,
                                 traceparent, tracestate)
           VALUES ($1, 'code', 'otp', $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (business_key) DO NOTHING`,
    values: [
      ...[`otp:${draft.requestId}`, draft.requestId, draft.channel, draft.phone, draft.language, draft.sealedCode],
      ...[draft.expiresAt, traceparent, tracestate],
    ],
  });
}

/**
 * Writes a text's message with the active trace; nothing when its fact has one already. What the booking's earlier versions
 * have waiting is due at once: it is not true any more, and this one stands behind it.
 */
export async function insertText(on: Queryable, draft: TextDraft): Promise<void> {
  const { traceparent, tracestate } = currentTraceHeaders();
  const { bookingId, bookingVersion, noticeId, to, forgets = false } = draft as Partial<BookingDraft & NoticeDraft>;
  await on.query({
    name: 'messages.insert_text',
    text: `WITH hastened AS (
             UPDATE messages SET next_attempt_at = now()
              WHERE booking_id = $3::uuid AND booking_version < $5::bigint AND state = 'queued' AND next_attempt_at > now())
           INSERT INTO messages (business_key, lane, kind, reference_id, user_id, booking_id, booking_version, facts,
                                 channel, expires_at, traceparent, tracestate, phone, language, forgets)
           VALUES ($1, 'text', $2, $10, $4, $3::uuid, $5, $6, 'sms', $7, $8, $9, $11, $12, $13::boolean)
               ON CONFLICT (business_key) DO NOTHING`,
    values: [
      ...[draft.businessKey, draft.facts.kind, bookingId, draft.userId, bookingVersion],
      ...[JSON.stringify(draft.facts), draft.expiresAt, traceparent, tracestate, bookingId ?? noticeId],
      ...[to?.phone, to?.language, forgets],
    ],
  });
}
