import type { ServiceImpl } from '@connectrpc/connect';
import type { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { requireUser } from '@mawid/service-kit';
import type { Context } from '../context.ts';
import { oneSnapshot } from '../db/one-snapshot.ts';
import { errors } from '../errors.ts';
import { toPayment } from './to-payment.ts';

export function getPayment(ctx: Context): ServiceImpl<typeof PaymentService>['getPayment'] {
  return async ({ paymentId }, context) => {
    const { userId, role } = requireUser(context);
    const payment = await ctx.prisma.$transaction(
      (tx) =>
        tx.payment.findUnique({
          where: { id: paymentId },
          include: { refunds: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
        }),
      oneSnapshot,
    );
    if (payment === null || (payment.customerId !== userId && role !== 'admin')) throw errors.notFound();
    return toPayment(payment, payment.refunds);
  };
}
