import { controlRoutes } from '../../shared/control-routes.ts';
import { type Handler, plainRoute, providerRoute, type Route, type StandinRequest } from '../../shared/http-types.ts';
import { callModes } from '../../shared/play-faults.ts';
import { toJson } from '../../shared/reply.ts';
import { assertKey, type KeyKind } from '../assert-key.ts';
import { registerConfiguredWebhook } from '../configured-webhook.ts';
import type { Context } from '../context.ts';
import { webhookModes } from '../webhooks.ts';
import { getBooks } from './books.ts';
import { cancelInvoice } from './cancel-invoice.ts';
import { capturePayment } from './capture-payment.ts';
import { createInvoice } from './create-invoice.ts';
import { createPayment } from './create-payment.ts';
import { getInvoice, listInvoices } from './get-invoices.ts';
import { getPayment, listPayments } from './get-payments.ts';
import { deleteToken, getToken } from './get-token.ts';
import { getAttempt, listAttempts } from './get-webhook-attempts.ts';
import { payInvoice, showInvoice } from './pay-invoice.ts';
import { refundPayment } from './refund-payment.ts';
import { answerThreeDSecure, showThreeDSecure } from './three-d-secure.ts';
import { updateInvoice, updatePayment } from './update-resource.ts';
import { voidPayment } from './void-payment.ts';
import { createWebhook, deleteWebhook, getWebhook, listAvailableEvents, listWebhooks } from './webhooks.ts';

type ContextHandler = (ctx: Context, request: StandinRequest) => ReturnType<Handler>;

/** The whole route table: the API under /v1, the hosted pages, and the stand-in's own levers. */
export function moyasarRoutes(ctx: Context): Route[] {
  const api = (kind: KeyKind, method: string, path: string, handle: ContextHandler) =>
    providerRoute(method, `/v1${path}`, (request) => {
      assertKey(ctx.options, request, kind);
      return handle(ctx, request);
    });
  const page = (method: string, path: string, handle: ContextHandler) =>
    providerRoute(method, path, (request) => handle(ctx, request));
  return [
    api('any', 'POST', '/payments', createPayment),
    api('secret', 'GET', '/payments', listPayments),
    api('secret', 'GET', '/payments/{id}', getPayment),
    api('secret', 'PUT', '/payments/{id}', updatePayment),
    api('secret', 'POST', '/payments/{id}/refund', refundPayment),
    api('secret', 'POST', '/payments/{id}/capture', capturePayment),
    api('secret', 'POST', '/payments/{id}/void', voidPayment),
    api('secret', 'POST', '/invoices', createInvoice),
    api('secret', 'GET', '/invoices', listInvoices),
    api('secret', 'GET', '/invoices/{id}', getInvoice),
    api('secret', 'PUT', '/invoices/{id}', updateInvoice),
    api('secret', 'PUT', '/invoices/{id}/cancel', cancelInvoice),
    api('secret', 'GET', '/tokens/{id}', getToken),
    api('secret', 'DELETE', '/tokens/{id}', deleteToken),
    api('secret', 'GET', '/webhooks/available_events', listAvailableEvents),
    api('secret', 'GET', '/webhooks/attempts', listAttempts),
    api('secret', 'GET', '/webhooks/attempts/{id}', getAttempt),
    api('secret', 'POST', '/webhooks', createWebhook),
    api('secret', 'GET', '/webhooks', listWebhooks),
    api('secret', 'GET', '/webhooks/{id}', getWebhook),
    api('secret', 'DELETE', '/webhooks/{id}', deleteWebhook),
    page('GET', '/invoices/{id}/pay', showInvoice),
    page('POST', '/invoices/{id}/pay', payInvoice),
    page('GET', '/payments/{id}/3ds', showThreeDSecure),
    page('POST', '/payments/{id}/3ds', answerThreeDSecure),
    plainRoute('GET', '/_control/books', () => toJson(200, getBooks(ctx))),
    ...controlRoutes({ faults: ctx.faults, modes: [...callModes, ...webhookModes], reset: () => reset(ctx) }),
  ];
}

function reset(ctx: Context): void {
  ctx.webhooks.reset();
  ctx.books.clear();
  registerConfiguredWebhook(ctx);
}
