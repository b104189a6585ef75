import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { SecurityNoticeKind, SecurityNoticeSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { languageOf, type User } from '../domain/user.ts';

const kinds = {
  session_compromised: SecurityNoticeKind.SESSION_COMPROMISED,
  phone_changed: SecurityNoticeKind.PHONE_CHANGED,
  identity_linked: SecurityNoticeKind.IDENTITY_LINKED,
  identity_unlinked: SecurityNoticeKind.IDENTITY_UNLINKED,
  account_erased: SecurityNoticeKind.ACCOUNT_ERASED,
} as const;

export interface Notice {
  kind: keyof typeof kinds;
  /** As the person was at the time: a change of number is told to the old one. */
  user: Pick<User, 'id' | 'phoneNumber' | 'preferredLanguage'>;
  /** See the event. */
  detail?: string | undefined;
  now: Date;
}

/** Something that a person must be told about their account; notify tells it. */
export function securityNotice({ kind, user, detail, now }: Notice): OutgoingEvent {
  const noticeId = uuidv7();
  const message = create(SecurityNoticeSchema, {
    noticeId,
    userId: user.id,
    kind: kinds[kind],
    phoneNumber: user.phoneNumber,
    language: languageOf(user),
    detail: detail ?? '',
    occurredAt: timestampFromDate(now),
  });
  return { schema: SecurityNoticeSchema, message, aggregateId: noticeId, aggregateVersion: 1 };
}
