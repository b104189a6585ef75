import { CodeChannel } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import type { Channel } from '../db/code-requests.ts';

export function parseChannel(message: CodeChannel): Channel {
  return message === CodeChannel.WHATSAPP ? 'whatsapp' : 'sms';
}

export function toChannelMessage(channel: Channel): CodeChannel {
  return channel === 'whatsapp' ? CodeChannel.WHATSAPP : CodeChannel.SMS;
}
