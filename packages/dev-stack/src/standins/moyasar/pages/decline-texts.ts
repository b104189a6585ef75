import type { PageLanguage } from './page-language.ts';

type TwoTexts = Readonly<Record<PageLanguage, string>>;

const fallback: TwoTexts = {
  ar: 'تعذّر إتمام الدفع. جرّب بطاقة أخرى.',
  en: 'The payment failed. Please try another card.',
};

/** What the payer reads, by the bank's response code. */
const byResponseCode: Readonly<Record<string, TwoTexts>> = {
  '05': { ar: 'رفض البنك العملية.', en: 'Your bank declined the payment.' },
  '14': { ar: 'رقم البطاقة غير صحيح.', en: 'This card number is not valid.' },
  '41': { ar: 'البطاقة مبلّغ عن فقدانها.', en: 'This card was reported lost.' },
  '43': { ar: 'البطاقة مبلّغ عن سرقتها.', en: 'This card was reported stolen.' },
  '51': { ar: 'الرصيد غير كافٍ.', en: 'There are not enough funds on this card.' },
  '54': { ar: 'البطاقة منتهية الصلاحية.', en: 'This card has expired.' },
  '61': { ar: 'تجاوزت العملية الحد المسموح.', en: 'The payment exceeds the limit of this card.' },
  '1A': { ar: 'لم تكتمل عملية التحقق.', en: 'The confirmation was not completed.' },
};

export function toDeclineText(responseCode: string | null, language: PageLanguage): string {
  return (byResponseCode[responseCode ?? ''] ?? fallback)[language];
}
