import { describe, expect, it } from '@jest/globals';
import { toSearchText, toSearchWords } from './search-text.ts';

describe('toSearchText', () => {
  it.each([
    ['صالون الأناقة', 'صالون الاناقه'],
    ['جُـــدّة', 'جده'],
    ['مكتبة آلاء', 'مكتبه الاء'],
    ['Café  ROYAL', 'cafe royal'],
  ])('folds %s', (text, folded) => expect(toSearchText(text)).toBe(folded));

  it('divides a search into words', () => {
    expect(toSearchWords('  Glow   أناقة ')).toEqual(['glow', 'اناقه']);
  });
});
