import { escapeHtml } from '../../shared/escape-html.ts';
import type { Invoice } from '../types.ts';
import type { PageLanguage } from './page-language.ts';
import { pageLayout } from './page-layout.ts';
import { toPageMoney } from './page-money.ts';
import { type PageTexts, pageTexts } from './page-texts.ts';

export interface PayPage {
  readonly invoice: Invoice;
  readonly language: PageLanguage;
  readonly alert?: string | undefined;
  /** Fields to mark as wrong. */
  readonly wrong?: readonly string[];
  /** The name as typed; a card number is never sent back. */
  readonly name?: string;
  readonly threeDSecure: boolean;
  readonly backUrl: string | undefined;
}

interface Input {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly autocomplete: string;
  readonly maxLength: number;
}

export function payPage(page: PayPage): string {
  const { invoice, language } = page;
  const texts = pageTexts(language);
  const money = toPageMoney(invoice.amount, invoice.currency, language);
  return pageLayout(
    language,
    texts.title,
    `<section class="sum"><p>${escapeHtml(texts.amountDue)}</p><strong><bdi>${escapeHtml(money)}</bdi></strong><p><bdi>${escapeHtml(invoice.description)}</bdi></p></section>
<section class="sheet">
${page.alert === undefined ? '' : `<p class="alert" role="alert">${escapeHtml(page.alert)}</p>`}
${toForm(page, texts, money)}
${page.backUrl === undefined ? '' : `<a class="back" href="${escapeHtml(page.backUrl)}">${escapeHtml(texts.back)}</a>`}
${toTestCards(texts)}
</section>`,
  );
}

function toForm(page: PayPage, texts: PageTexts, money: string): string {
  const code = (input: Input) => toField(page, input, `inputmode="numeric" class="code"`);
  return `<form method="post" action="?lang=${page.language}">
${page.threeDSecure ? '<input type="hidden" name="3ds" value="true">' : ''}
${code({ name: 'number', label: texts.number, hint: '4201 3201 1111 1010', autocomplete: 'cc-number', maxLength: 23 })}
<div class="row">
${code({ name: 'month', label: texts.month, hint: '09', autocomplete: 'cc-exp-month', maxLength: 2 })}
${code({ name: 'year', label: texts.year, hint: '2030', autocomplete: 'cc-exp-year', maxLength: 4 })}
${code({ name: 'cvc', label: texts.cvc, hint: '123', autocomplete: 'cc-csc', maxLength: 4 })}
</div>
${toField(page, { name: 'name', label: texts.name, hint: '', autocomplete: 'cc-name', maxLength: 80 }, `dir="auto" value="${escapeHtml(page.name ?? '')}"`)}
<button type="submit">${escapeHtml(texts.pay.replace('{amount}', `\u2068${money}\u2069`))}</button>
</form>`;
}

function toField(page: PayPage, input: Input, extra: string): string {
  const invalid = page.wrong?.includes(input.name) ? ' aria-invalid="true"' : '';
  return `<label>${escapeHtml(input.label)}<input name="${input.name}" placeholder="${input.hint}" autocomplete="${input.autocomplete}" maxlength="${input.maxLength}" required${invalid} ${extra}></label>`;
}

function toTestCards(texts: PageTexts): string {
  const cards = [
    [texts.approvedCard, '4201 3201 1111 1010'],
    [texts.insufficientCard, '4201 3200 0031 1101'],
    [texts.declinedCard, '4201 3212 3441 1220'],
  ] as const;
  const rows = cards.map(([label, number]) => `<dt>${escapeHtml(label)}</dt><dd>${number}</dd>`).join('');
  return `<details><summary>${escapeHtml(texts.testCards)}</summary><dl>${rows}</dl></details>`;
}
