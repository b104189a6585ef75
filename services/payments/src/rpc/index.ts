import type { ServiceImpl } from '@connectrpc/connect';
import { PaymentService } from '@mawid/contracts/gen/mawid/payments/v1/payment_service_pb.js';
import type { Routes } from '@mawid/rpc';
import type { Context } from '../context.ts';
import { createPayment } from './create-payment.ts';
import { getPayment } from './get-payment.ts';
import { listPayments } from './list-payments.ts';
import { receiveMoyasarWebhook } from './receive-moyasar-webhook.ts';
import { refundPayment } from './refund-payment.ts';

export function routes(ctx: Context): Routes {
  return (router) => {
    router.service(PaymentService, {
      createPayment: createPayment(ctx),
      getPayment: getPayment(ctx),
      listPayments: listPayments(ctx),
      refundPayment: refundPayment(ctx),
      receiveMoyasarWebhook: receiveMoyasarWebhook(ctx),
    } satisfies ServiceImpl<typeof PaymentService>);
  };
}
