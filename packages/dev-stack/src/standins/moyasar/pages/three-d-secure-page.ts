import { escapeHtml } from '../../shared/escape-html.ts';
import type { Payment } from '../types.ts';
import type { PageLanguage } from './page-language.ts';
import { pageLayout } from './page-layout.ts';
import { toPageMoney } from './page-money.ts';
import { pageTexts } from './page-texts.ts';

/** The bank's question to the payer: yes or no. */
export function threeDSecurePage(payment: Payment, language: PageLanguage): string {
  const texts = pageTexts(language);
  const money = toPageMoney(payment.amount, payment.currency, language);
  return pageLayout(
    language,
    texts.bankTitle,
    `<section class="sum"><p>${escapeHtml(payment.source.issuer_name)}</p><strong><bdi>${escapeHtml(money)}</bdi></strong>
<p>${escapeHtml(texts.card)} <bdi dir="ltr">${escapeHtml(payment.source.number)}</bdi></p></section>
<section class="sheet"><h1>${escapeHtml(texts.bankTitle)}</h1><p>${escapeHtml(texts.bankText)}</p>
<form method="post" action="?lang=${language}">
<button name="answer" value="approve">${escapeHtml(texts.approve)}</button>
<button class="plain" name="answer" value="reject">${escapeHtml(texts.reject)}</button>
</form></section>`,
  );
}
