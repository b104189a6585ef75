import type { ServiceImpl } from '@connectrpc/connect';
import { PaymentSchema } from '@mawid/contracts/gen/mawid/payments/v1/payment_pb.js';
import { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import { runIdempotent } from '@mawid/service-kit';
import { type PaymentOrder, providePayment } from '../actions/provide-payment.ts';
import type { Context } from '../context.ts';
import { requirePayment } from '../db/payments.ts';
import { listRefunds } from '../db/refunds.ts';
import type { PaymentRow } from '../db/rows.ts';
import { errors } from '../errors.ts';
import { ProviderError } from '../provider/provider-error.ts';
import { findReplay } from './find-replay.ts';
import { loadPayableBooking } from './load-payable-booking.ts';
import { toPayment } from './to-payment.ts';

export function createPayment(ctx: Context): ServiceImpl<typeof PaymentService>['createPayment'] {
  return async (request, context) => {
    const call = { method: PaymentService.method.createPayment, request, response: PaymentSchema };
    const replay = await findReplay(ctx, context, call);
    if (replay) return replay;
    const { id } = await requireOpenPayment(ctx, await loadPayableBooking(ctx, context, request.bookingId));
    // The provider cannot be called inside the key's transaction. One key has one effect all the same: the effect is
    // a payment, and a booking has one.
    return runIdempotent(ctx.database, context, call, async (tx) =>
      toPayment(await requirePayment(tx, id), await listRefunds(tx, id)),
    );
  };
}

/** A payment that the payer can be sent to, or that is paid already. */
async function requireOpenPayment(ctx: Context, booking: PaymentOrder): Promise<PaymentRow> {
  const payment = await providePayment(ctx, booking).catch(toUnavailable);
  switch (payment?.state) {
    case 'awaiting_payer':
    case 'captured':
    case 'partially_refunded':
      return payment;
    case 'expired':
      throw errors.bookingNotPayable();
    case 'unknown':
      // So long an invoice may still appear; asking earlier would bring the same answer.
      throw errors.providerUnavailable(ctx.config.moyasar.invoiceSettleMs / 1_000);
    default:
      throw errors.providerUnavailable(5);
  }
}

function toUnavailable(error: unknown): never {
  if (error instanceof ProviderError) throw errors.providerUnavailable(5);
  throw error;
}
