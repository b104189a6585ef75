import type { Language } from '../domain/facts.ts';

/** Arabic unless English is asked for. */
export function toLanguage(text: string): Language {
  return text === 'en' ? 'en' : 'ar';
}
