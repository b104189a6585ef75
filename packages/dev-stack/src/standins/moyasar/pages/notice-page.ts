import { escapeHtml } from '../../shared/escape-html.ts';
import type { InvoiceStatus } from '../types.ts';
import type { PageLanguage } from './page-language.ts';
import { pageLayout } from './page-layout.ts';
import { pageTexts } from './page-texts.ts';

export interface NoticePage {
  readonly status: InvoiceStatus | 'missing';
  readonly language: PageLanguage;
  readonly backUrl: string | undefined;
}

/** Says why there is nothing to pay: paid, expired, closed, or no such invoice. */
export function noticePage({ status, language, backUrl }: NoticePage): string {
  const texts = pageTexts(language);
  const [title, text] = toNotice(status, language);
  const isGood = status === 'paid';
  const back =
    backUrl === undefined ? '' : `<a class="back" href="${escapeHtml(backUrl)}">${escapeHtml(texts.back)}</a>`;
  return pageLayout(
    language,
    title,
    `<section class="sheet alone"><span class="badge${isGood ? '' : ' bad'}" aria-hidden="true">${isGood ? '✓' : '!'}</span>
<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${back}</section>`,
  );
}

function toNotice(status: NoticePage['status'], language: PageLanguage): readonly [string, string] {
  const texts = pageTexts(language);
  if (status === 'paid') return [texts.paidTitle, texts.paidText];
  if (status === 'expired') return [texts.expiredTitle, texts.expiredText];
  if (status === 'missing') return [texts.missingTitle, texts.closedText];
  return [texts.closedTitle, texts.closedText];
}
