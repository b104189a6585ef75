import { timestampDate } from '@bufbuild/protobuf/wkt';
import { OtpRequestedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { on, type Subscription } from '@mawid/service-kit';
import { insertCode } from '../db/messages.ts';
import { toLanguage } from './to-language.ts';

/** The code stays sealed here; it is opened in memory when it is sent. */
export function onOtpRequested(): Subscription {
  return on(OtpRequestedSchema, async (tx, { message }) => {
    if (!message.expiresAt) throw new Error('the event has no expires_at');
    await insertCode(tx, {
      requestId: message.requestId,
      phone: message.phoneNumber,
      channel: message.channel === CodeChannel.WHATSAPP ? 'whatsapp' : 'sms',
      language: toLanguage(message.language),
      sealedCode: message.encryptedCode,
      expiresAt: timestampDate(message.expiresAt),
    });
  });
}
