import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { SecurityNoticeKind, SecurityNoticeSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { toNoticeDraft } from './to-notice-draft.ts';

const occurredAt = timestampFromDate(new Date('2026-11-22T09:00:00Z'));

function draft(kind: SecurityNoticeKind, detail = '') {
  const ids = { noticeId: 'n1', userId: 'u1', phoneNumber: '+966500000001', language: 'en' };
  return toNoticeDraft(create(SecurityNoticeSchema, { ...ids, kind, detail, occurredAt }));
}

describe('toNoticeDraft', () => {
  it('goes to the number and in the language of the fact, for a day', () => {
    expect(draft(SecurityNoticeKind.SESSION_COMPROMISED)).toEqual({
      businessKey: 'security_notice:n1',
      noticeId: 'n1',
      userId: 'u1',
      facts: { kind: 'security_notice', notice: 'session_compromised', detail: '' },
      to: { phone: '+966500000001', language: 'en' },
      forgets: false,
      expiresAt: new Date('2026-11-23T09:00:00Z'),
    });
  });

  it.each([
    [SecurityNoticeKind.PHONE_CHANGED, '+9665•••••123', '123'],
    [SecurityNoticeKind.PHONE_CHANGED, '+966500001234', '1234'],
    [SecurityNoticeKind.IDENTITY_LINKED, 'google', 'Google'],
    [SecurityNoticeKind.IDENTITY_UNLINKED, 'apple', 'Apple'],
    [SecurityNoticeKind.IDENTITY_UNLINKED, 'another', 'another'],
  ])('tells of %d with %s: %s', (kind, detail, told) => {
    expect(draft(kind, detail).facts).toMatchObject({ detail: told });
  });

  it('forgets whom it told that the account was erased', () => {
    expect(draft(SecurityNoticeKind.ACCOUNT_ERASED)).toMatchObject({ forgets: true });
  });

  it.each([SecurityNoticeKind.UNSPECIFIED, 99 as SecurityNoticeKind])('throws for kind %d', (kind) => {
    expect(() => draft(kind)).toThrow('cannot be told');
  });
});
