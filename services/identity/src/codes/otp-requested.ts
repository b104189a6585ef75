import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { OtpRequestedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import type { OutgoingEvent } from '@mawid/service-kit';
import type { CodePurpose } from '../crypto/one-time-code.ts';
import type { Channel } from '../db/code-requests.ts';
import type { Language } from '../domain/user.ts';
import { toChannelMessage } from './channels.ts';
import type { Draft } from './draft-code.ts';

export interface CodeToSend {
  draft: Draft;
  phoneNumber: string;
  channel: Channel;
  purpose: CodePurpose;
  language: Language;
}

export function otpRequested({ draft, phoneNumber, channel, purpose, language }: CodeToSend): OutgoingEvent {
  const message = create(OtpRequestedSchema, {
    requestId: draft.requestId,
    phoneNumber,
    channel: toChannelMessage(channel),
    purpose,
    encryptedCode: draft.sealedCode,
    language,
    expiresAt: timestampFromDate(draft.expiresAt),
  });
  return { schema: OtpRequestedSchema, message, aggregateId: draft.requestId, aggregateVersion: 1 };
}
