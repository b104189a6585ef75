import { errorReasons } from '@mawid/contracts';
import type { Language } from '../language.ts';

export type Texts = Readonly<Record<Language, string>>;

/** Codes that stand for a bare gRPC status; services of ours always give a reason, others may not. */
const bareStatuses: ReadonlyMap<string, Texts> = new Map([
  ['ALREADY_EXISTS', { en: 'This already exists.', ar: 'هذا العنصر موجود بالفعل.' }],
  ['ABORTED', { en: 'This was changed in the meantime. Try again.', ar: 'حدث تعديل في هذه الأثناء. حاول مرة أخرى.' }],
  ['FAILED_PRECONDITION', { en: 'This is not possible at the moment.', ar: 'هذا غير ممكن في الوقت الحالي.' }],
]);

/** Every code a problem may have and its texts. */
export function allReasonTexts(): ReadonlyMap<string, Texts> {
  return new Map<string, Texts>([...bareStatuses, ...errorReasons()]);
}

const texts = allReasonTexts();

/** The texts of a code; undefined for one that this build does not know. */
export function reasonTexts(code: string): Texts | undefined {
  return texts.get(code);
}

/** Puts values into a text: `{name}` becomes the value of that name, and stays as it is where there is none. */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}

/** `SLOT_TAKEN` → `Slot taken`. */
export function toTitle(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
