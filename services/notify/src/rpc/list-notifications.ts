import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  ListNotificationsResponseSchema,
  type NotificationService,
} from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import { requireCursor, requireUser, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { toNotification } from './to-notification.ts';

/** Texts that were written out, which they are when they are first tried or dropped. Codes have no text, so none is here. */
export function listNotifications(ctx: Context): MethodImpl<typeof NotificationService.method.listNotifications> {
  return async (request, context) => {
    const { userId } = requireUser(context);
    const list = { key: ctx.config.pageTokenKey, list: ['notifications', userId] };
    const before = requireCursor(list, request.pageToken)?.[0];
    const size = toPageSize(request.pageSize);
    const messages = await ctx.prisma.message.findMany({
      where: { userId, lane: 'text', body: { not: null }, ...(before === undefined ? {} : { id: { lt: before } }) },
      orderBy: { id: 'desc' },
      take: size + 1,
    });
    const { rows, nextPageToken } = toPage(messages, size, { ...list, cursorOf: ({ id }) => [id] });
    return create(ListNotificationsResponseSchema, { notifications: rows.map(toNotification), nextPageToken });
  };
}
