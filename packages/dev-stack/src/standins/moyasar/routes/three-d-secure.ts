import type { Reply, StandinRequest } from '../../shared/http-types.ts';
import { parseFields } from '../../shared/parse-fields.ts';
import { toHtml, toRedirect } from '../../shared/reply.ts';
import { completeThreeDSecure } from '../charge.ts';
import type { Context } from '../context.ts';
import { toPageLanguage } from '../pages/page-language.ts';
import { threeDSecurePage } from '../pages/three-d-secure-page.ts';
import { requirePayment } from '../require-row.ts';
import { toReturnUrl } from '../return-url.ts';

export function showThreeDSecure(ctx: Context, request: StandinRequest): Reply {
  const payment = requirePayment(ctx, request);
  const language = toPageLanguage(request);
  if (payment.status !== 'initiated') return toRedirect(toReturnUrl(ctx, payment, language));
  return toHtml(200, threeDSecurePage(payment, language));
}

/** Form field `answer`: `approve` or anything else. Asking twice changes nothing. */
export function answerThreeDSecure(ctx: Context, request: StandinRequest): Reply {
  const isApproved = parseFields(request)?.answer === 'approve';
  const payment = completeThreeDSecure(ctx, requirePayment(ctx, request), isApproved);
  return toRedirect(toReturnUrl(ctx, payment, toPageLanguage(request)));
}
