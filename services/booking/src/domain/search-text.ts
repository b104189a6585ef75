const folds: Record<string, string> = { أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ئ: 'ي', ؤ: 'و', ة: 'ه', ـ: '' };

/** Text as it is searched: lower case, without vowel marks and accents, Arabic letters that people mix up made one. */
export function toSearchText(...texts: readonly string[]): string {
  return texts
    .join(' ')
    .normalize('NFC')
    .replaceAll(/[أإآٱىئؤةـ]/g, (letter) => folds[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The words of a search, each to be found somewhere in a search text. */
export function toSearchWords(text: string): string[] {
  return toSearchText(text).split(' ').filter(Boolean);
}
