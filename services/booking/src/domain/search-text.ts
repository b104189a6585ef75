const folds: Record<string, string> = { أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ئ: 'ي', ؤ: 'و', ة: 'ه', ـ: '' };

// Accents of Latin and vowel marks of Arabic letters. Marks of other scripts stay: there they are letters.
const markRanges = [
  ...['\\u0300-\\u036f', '\\u1ab0-\\u1aff', '\\u1dc0-\\u1dff', '\\u20d0-\\u20ff', '\\ufe20-\\ufe2f'],
  ...['\\u0610-\\u061a', '\\u064b-\\u065f', '\\u0670', '\\u06d6-\\u06dc', '\\u06df-\\u06e4', '\\u06e7\\u06e8'],
  ...['\\u06ea-\\u06ed', '\\u08ca-\\u08e1', '\\u08e3-\\u08ff'],
];
const marks = new RegExp(`[${markRanges.join('')}]`, 'gu');

/**
 * Text as it is searched: lower case, without vowel marks and accents, Arabic letters that people mix up made one. Its twin in
 * the database is `to_search_text`.
 */
export function toSearchText(...texts: readonly string[]): string {
  return texts
    .join(' ')
    .normalize('NFC')
    .replaceAll(/[أإآٱىئؤةـ]/g, (letter) => folds[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(marks, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The words of a search, each to be found somewhere in a search text: once is enough. */
export function toSearchWords(text: string): string[] {
  return [...new Set(toSearchText(text).split(' ').filter(Boolean))];
}

/** All runs of three characters in the words. Its twin in the database is `trigrams_of`. */
export function listTrigrams(words: readonly string[]): string[] {
  const runs = words.flatMap((word) => {
    const signs = [...word];
    return signs.slice(2).map((_, index) => signs.slice(index, index + 3).join(''));
  });
  return [...new Set(runs)];
}
