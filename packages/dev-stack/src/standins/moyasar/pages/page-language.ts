import type { StandinRequest } from '../../shared/http-types.ts';

export type PageLanguage = 'ar' | 'en';

/** `?lang=` first, then the browser's first wish, else Arabic. */
export function toPageLanguage({ query, headers }: StandinRequest): PageLanguage {
  const asked = query.get('lang') ?? headers['accept-language'] ?? 'ar';
  return asked.trim().toLowerCase().startsWith('en') ? 'en' : 'ar';
}
