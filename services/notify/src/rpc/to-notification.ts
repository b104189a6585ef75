import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  Channel,
  type Notification,
  NotificationKind,
  NotificationSchema,
  NotificationState,
} from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import type { Message } from '../db/generated/client.ts';

const kinds: Readonly<Record<string, NotificationKind>> = {
  booking_held: NotificationKind.BOOKING_HELD,
  booking_confirmed: NotificationKind.BOOKING_CONFIRMED,
  booking_cancelled: NotificationKind.BOOKING_CANCELLED,
  refund_succeeded: NotificationKind.REFUND_SUCCEEDED,
  security_notice: NotificationKind.SECURITY_NOTICE,
};

const states: Readonly<Record<string, NotificationState>> = {
  queued: NotificationState.QUEUED,
  sending: NotificationState.QUEUED,
  sent: NotificationState.SENT,
  failed: NotificationState.FAILED,
  dropped: NotificationState.DROPPED,
};

export function toNotification(row: Message): Notification {
  return create(NotificationSchema, {
    id: row.id,
    kind: kinds[row.kind] ?? NotificationKind.UNSPECIFIED,
    bookingId: row.bookingId ?? '',
    channel: row.channel === 'whatsapp' ? Channel.WHATSAPP : Channel.SMS,
    language: row.language ?? '',
    body: row.body ?? '',
    state: states[row.state] ?? NotificationState.UNSPECIFIED,
    createdAt: timestampFromDate(row.createdAt),
    ...(row.sentAt ? { sentAt: timestampFromDate(row.sentAt) } : {}),
  });
}
