import type { ServiceImpl } from '@connectrpc/connect';
import type { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { requireCursor, requireUser, toPage, toPageSize } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { oneSnapshot } from '../db/one-snapshot.ts';
import { toPayment } from './to-payment.ts';

export function listPayments(ctx: Context): ServiceImpl<typeof PaymentService>['listPayments'] {
  return async ({ bookingId, pageSize, pageToken }, context) => {
    const { userId, role } = requireUser(context);
    const customerId = role === 'admin' ? undefined : userId;
    const list = { key: ctx.config.pageTokenKey, list: ['payments', customerId ?? '*', bookingId] };
    const before = requireCursor(list, pageToken)?.[0];
    const size = toPageSize(pageSize);
    const payments = await ctx.prisma.$transaction(
      (tx) =>
        tx.payment.findMany({
          where: {
            ...(customerId ? { customerId } : {}),
            ...(bookingId ? { bookingId } : {}),
            ...(before ? { id: { lt: before } } : {}),
          },
          // Ids are made in the order of time.
          orderBy: { id: 'desc' },
          take: size + 1,
          include: { refunds: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
        }),
      oneSnapshot,
    );
    const { rows, nextPageToken } = toPage(payments, size, { ...list, cursorOf: ({ id }) => [id] });
    return { payments: rows.map((payment) => toPayment(payment, payment.refunds)), nextPageToken };
  };
}
