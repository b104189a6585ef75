/** The languages that texts exist in. */
export type Language = 'ar' | 'en';

const languages: readonly Language[] = ['ar', 'en'];

/**
 * The best of our languages for an Accept-Language header by lookup (RFC 4647 §3.4): ranges in order of their weight, each shortened until one of ours is
 * left (`ar-SA` → `ar`). Undefined where the header is absent, names none of them, or leaves the choice to us (`*`).
 */
export function lookupLanguage(header: string | undefined): Language | undefined {
  if (header === undefined || header === '') return undefined;
  for (const range of toRanges(header)) {
    if (range === '*') return undefined;
    const primary = range.split('-', 1)[0];
    const found = languages.find((language) => language === primary);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** One of our languages named by a token's locale claim, `ar` or `ar-SA`. */
export function toLanguage(locale: string | undefined): Language | undefined {
  const primary = locale?.toLowerCase().split('-', 1)[0];
  return languages.find((language) => language === primary);
}

/** The header's ranges, heaviest first; those of weight 0 are left out, equal ones keep their order. */
function toRanges(header: string): string[] {
  const weighted = header.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    const weight = parameters.find((each) => each.startsWith('q='))?.slice(2);
    return { range, weight: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = weighted.filter(({ range, weight }) => range !== '' && weight > 0 && weight <= 1);
  return wanted.sort((a, b) => b.weight - a.weight).map(({ range }) => range);
}
