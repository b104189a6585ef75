import { timestampDate } from '@bufbuild/protobuf/wkt';
import { type SecurityNotice, SecurityNoticeKind } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { NoticeName } from '../domain/facts.ts';
import type { NoticeDraft } from '../domain/text-draft.ts';
import { toLanguage } from './to-language.ts';

const dayMs = 24 * 3_600_000;

const names: Readonly<Record<number, NoticeName>> = {
  [SecurityNoticeKind.SESSION_COMPROMISED]: 'session_compromised',
  [SecurityNoticeKind.PHONE_CHANGED]: 'phone_changed',
  [SecurityNoticeKind.IDENTITY_LINKED]: 'identity_linked',
  [SecurityNoticeKind.IDENTITY_UNLINKED]: 'identity_unlinked',
  [SecurityNoticeKind.ACCOUNT_ERASED]: 'account_erased',
};

const providers: Readonly<Record<string, string>> = { google: 'Google', apple: 'Apple' };

/** "Something happened to your account". Throws for a kind that there is no text for. */
export function toNoticeDraft(event: SecurityNotice): NoticeDraft {
  const notice = names[event.kind];
  if (!notice || !event.occurredAt) throw new Error(`a notice of kind ${event.kind} cannot be told`);
  return {
    businessKey: `security_notice:${event.noticeId}`,
    noticeId: event.noticeId,
    userId: event.userId,
    facts: { kind: 'security_notice', notice, detail: toDetail(notice, event.detail) },
    to: { phone: event.phoneNumber, language: toLanguage(event.language) },
    forgets: notice === 'account_erased',
    expiresAt: new Date(timestampDate(event.occurredAt).getTime() + dayMs),
  };
}

// Of a masked number only its last digits are told: the signs of the mask would make an English SMS Unicode, and a whole
// number comes apart between Arabic words.
function toDetail(notice: NoticeName, detail: string): string {
  return notice === 'phone_changed' ? (/[0-9]{1,4}$/.exec(detail)?.[0] ?? '') : (providers[detail] ?? detail);
}
