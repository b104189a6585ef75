import { create } from '@bufbuild/protobuf';
import type { MethodImpl } from '@connectrpc/connect';
import {
  ListNotificationsResponseSchema,
  type NotificationService,
} from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { createPageToken, type PageScope, parsePageToken } from './page-token.ts';
import { toNotification } from './to-notification.ts';

const defaultPageSize = 20;
const largestPageSize = 100;

/** Texts that were written out, which they are when they are first tried or dropped. Codes have no text, so none is here. */
export function listNotifications(ctx: Context): MethodImpl<typeof NotificationService.method.listNotifications> {
  return async (request, context) => {
    const { userId } = requireUser(context);
    const page = { key: ctx.config.pageTokenKey, scope: `notifications ${userId}` };
    const after = requireCursor(page, request.pageToken);
    const size = Math.min(request.pageSize || defaultPageSize, largestPageSize);
    const rows = await ctx.prisma.message.findMany({
      where: { userId, lane: 'text', body: { not: null }, ...(after === undefined ? {} : { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: size + 1,
    });
    const shown = rows.slice(0, size);
    const last = rows.length > size ? shown.at(-1) : undefined;
    return create(ListNotificationsResponseSchema, {
      notifications: shown.map(toNotification),
      nextPageToken: last ? createPageToken(page, last.id) : '',
    });
  };
}

function requireCursor(page: PageScope, token: string): string | undefined {
  if (token === '') return undefined;
  const id = parsePageToken(page, token);
  if (id === undefined) throw errors.pageTokenInvalid();
  return id;
}
