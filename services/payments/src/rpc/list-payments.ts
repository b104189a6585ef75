import type { ServiceImpl } from '@connectrpc/connect';
import type { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { errors } from '../errors.ts';
import { parsePageToken, toPageToken } from './page-token.ts';
import { toPayment } from './to-payment.ts';

const usualSize = 20;
const largestSize = 100;

export function listPayments(ctx: Context): ServiceImpl<typeof PaymentService>['listPayments'] {
  return async ({ bookingId, pageSize, pageToken }, context) => {
    const { userId, role } = requireUser(context);
    const customerId = role === 'admin' ? undefined : userId;
    const scope = { key: ctx.config.pageTokenKey, scope: `payments ${customerId ?? '*'} ${bookingId}` };
    const before = pageToken === '' ? undefined : parsePageToken(scope, pageToken);
    if (pageToken !== '' && before === undefined) throw errors.pageTokenInvalid();
    const size = Math.min(pageSize || usualSize, largestSize);
    const rows = await ctx.prisma.payment.findMany({
      where: {
        ...(customerId ? { customerId } : {}),
        ...(bookingId ? { bookingId } : {}),
        ...(before ? { id: { lt: before } } : {}),
      },
      // Ids are made in the order of time.
      orderBy: { id: 'desc' },
      take: size + 1,
      include: { refunds: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    });
    const page = rows.slice(0, size);
    const last = rows.length > size ? page.at(-1) : undefined;
    return {
      payments: page.map((payment) => toPayment(payment, payment.refunds)),
      nextPageToken: last ? toPageToken(scope, last.id) : '',
    };
  };
}
