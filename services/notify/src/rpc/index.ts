import type { ServiceImpl } from '@connectrpc/connect';
import { NotificationService } from '@mawid/contracts/gen/mawid/notify/v1/notification_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { listNotifications } from './list-notifications.ts';

export function routes(ctx: Context): Routes {
  return (router) => {
    router.service(NotificationService, {
      listNotifications: listNotifications(ctx),
    } satisfies ServiceImpl<typeof NotificationService>);
  };
}
