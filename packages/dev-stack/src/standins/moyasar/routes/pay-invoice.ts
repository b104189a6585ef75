import { randomUUID } from 'node:crypto';
import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { type Fields, parseFields, toText } from '../../shared/parse-fields.ts';
import { toHtml, toRedirect } from '../../shared/reply.ts';
import { charge } from '../charge.ts';
import type { Context } from '../context.ts';
import { findCardOutcome, maskCardNumber } from '../domain/cards.ts';
import { type Card, parseCard } from '../domain/parse-card.ts';
import { toDeclineText } from '../pages/decline-texts.ts';
import { noticePage } from '../pages/notice-page.ts';
import { toPageLanguage } from '../pages/page-language.ts';
import { pageTexts } from '../pages/page-texts.ts';
import { payPage } from '../pages/pay-page.ts';
import { showStoredInvoice } from '../require-row.ts';
import { toReturnUrl } from '../return-url.ts';
import type { Invoice, Payment } from '../types.ts';

/** The hosted page. After a failed try it says what was wrong and can be used again. */
export function showInvoice(ctx: Context, request: StandinRequest): Reply {
  const invoice = findInvoice(ctx, request);
  if (invoice?.status !== 'initiated') return toNotice(invoice, request);
  const failed = invoice.payments.find(({ id, status }) => id === request.query.get('payment') && status === 'failed');
  return toPayPage({ invoice, request, status: 200, failed });
}

/** The form's endpoint, for browsers and scripts alike: card fields in, a redirect to the merchant out. */
export function payInvoice(ctx: Context, request: StandinRequest): Reply {
  const invoice = findInvoice(ctx, request);
  if (invoice?.status !== 'initiated') return toNotice(invoice, request);
  const fields = parseFields(request) ?? {};
  const parsed = parseCard(fields, ctx.options.now());
  if ('problems' in parsed)
    return toPayPage({ invoice, request, status: 422, fields, wrong: Object.keys(parsed.problems) });
  const threeDSecure = ctx.options.threeDSecure || fields['3ds'] === 'true';
  const payment = chargeCard(ctx, invoice, parsed.card, threeDSecure);
  const language = toPageLanguage(request);
  return toRedirect(
    threeDSecure ? `/payments/${payment.id}/3ds?lang=${language}` : toReturnUrl(ctx, payment, language),
  );
}

function chargeCard(ctx: Context, invoice: Invoice, card: Card, threeDSecure: boolean): Payment {
  const id = randomUUID();
  const outcome = findCardOutcome(card.number);
  const payment = {
    id,
    amount: invoice.amount,
    currency: invoice.currency,
    description: invoice.description,
    callbackUrl: invoice.success_url,
    invoiceId: invoice.id,
    metadata: null,
    ip: '127.0.0.1',
    cardName: card.name,
    maskedNumber: maskCardNumber(card.number),
    company: outcome.company,
    transactionUrl: threeDSecure ? `${ctx.publicUrl()}/payments/${id}/3ds` : null,
  };
  return charge(ctx, payment, { id, outcome, manual: false, cardToken: null });
}

interface PayView {
  readonly invoice: Invoice;
  readonly request: StandinRequest;
  readonly status: number;
  readonly failed?: Payment | undefined;
  readonly fields?: Fields;
  readonly wrong?: readonly string[];
}

function toPayPage({ invoice, request, status, failed, fields, wrong = [] }: PayView): Reply {
  const language = toPageLanguage(request);
  const declined = failed === undefined ? undefined : toDeclineText(failed.source.response_code, language);
  const page = payPage({
    invoice,
    language,
    alert: wrong.length > 0 ? pageTexts(language).fixFields : declined,
    wrong,
    name: toText(fields?.name) ?? '',
    threeDSecure: request.query.get('3ds') === 'true' || fields?.['3ds'] === 'true',
    backUrl: invoice.back_url ?? undefined,
  });
  return toHtml(status, page);
}

function toNotice(invoice: Invoice | undefined, request: StandinRequest): Reply {
  const status = invoice?.status ?? 'missing';
  const httpStatus = { paid: 200, missing: 404 }[status as string] ?? 410;
  const backUrl = (status === 'paid' ? invoice?.success_url : invoice?.back_url) ?? undefined;
  return toHtml(httpStatus, noticePage({ status, language: toPageLanguage(request), backUrl }));
}

function findInvoice(ctx: Context, { params }: StandinRequest): Invoice | undefined {
  const stored = ctx.books.invoices.get(params.id ?? '');
  return stored === undefined ? undefined : showStoredInvoice(ctx, stored);
}
