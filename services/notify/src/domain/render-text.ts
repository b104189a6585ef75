import { IntlMessageFormat } from 'intl-messageformat';
import type { AppointmentFacts, BothLanguages, Language, TextFacts, TextKind } from './facts.ts';
import { formatMoney } from './format-money.ts';
import { type TemplateValues, templates } from './templates/index.ts';

/** Longer names would cost another SMS each; the whole name is in the app. */
const longestName = 40;

/** The text of a message. Days and hours are the salon's, Gregorian, in Latin digits. */
export function renderText(facts: TextFacts, language: Language): string {
  switch (facts.kind) {
    case 'booking_held':
      return render(facts, language, {
        ...toAppointmentValues(facts, language),
        amount: formatMoney(facts.amountDue, language),
        before: new Date(facts.payBefore),
      });
    case 'booking_confirmed':
      return render(facts, language, toAppointmentValues(facts, language));
    case 'booking_cancelled':
      return render(facts, language, {
        ...toAppointmentValues(facts, language),
        by: facts.by,
        refund: facts.refund,
        amount: formatMoney(facts.refundDue, language),
      });
    case 'refund_succeeded':
      return render(facts, language, { amount: formatMoney(facts.amount, language) });
    case 'security_notice':
      return render(facts, language, { notice: facts.notice, detail: facts.detail });
  }
}

function toAppointmentValues({ salonName, startAt }: AppointmentFacts, language: Language) {
  return { salon: shorten(toName(salonName, language)), start: new Date(startAt) };
}

function toName({ ar, en }: BothLanguages, language: Language): string {
  return (language === 'ar' ? ar || en : en || ar).replaceAll(/\s+/g, ' ').trim();
}

// Three dots, because the one sign for them is not in the SMS alphabet.
function shorten(name: string): string {
  const signs = [...name];
  return signs.length <= longestName
    ? name
    : `${signs
        .slice(0, longestName - 3)
        .join('')
        .trim()}...`;
}

function render<K extends TextKind>(
  { kind, ...facts }: { kind: K; timeZone?: string },
  language: Language,
  values: TemplateValues[K],
): string {
  const text = loadFormat(kind, language, facts.timeZone ?? 'Asia/Riyadh').format(values as never);
  // Newer time formats put a narrow space before AM and PM, which would turn an English SMS into Unicode.
  return String(text)
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .trim();
}

const formats = new Map<string, IntlMessageFormat>();

function loadFormat(kind: TextKind, language: Language, timeZone: string): IntlMessageFormat {
  const key = `${kind} ${language} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new IntlMessageFormat(templates[language][kind], `${language}-u-ca-gregory-nu-latn`, {
    date: { day: { weekday: 'long', day: 'numeric', month: 'long', timeZone } },
    time: { clock: { hour: 'numeric', minute: '2-digit', timeZone } },
  });
  formats.set(key, format);
  return format;
}
