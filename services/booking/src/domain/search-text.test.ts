import { describe, expect, it } from '@jest/globals';
import { listTrigrams, toSearchText, toSearchWords } from './search-text.ts';

describe('toSearchText', () => {
  it.each([
    ['صالون الأناقة', 'صالون الاناقه'],
    ['جُـــدّة', 'جده'],
    ['مكتبة آلاء', 'مكتبه الاء'],
    ['Café  ROYAL', 'cafe royal'],
  ])('folds %s', (text, folded) => expect(toSearchText(text)).toBe(folded));

  it('keeps the marks of scripts in which they are letters', () => {
    expect(toSearchText('हिन्दी')).toBe('हिन्दी');
  });

  it('divides a search into words', () => {
    expect(toSearchWords('  Glow   أناقة ')).toEqual(['glow', 'اناقه']);
  });
});

describe('listTrigrams', () => {
  it('lists each run of three signs once, of each word by itself', () => {
    expect(listTrigrams(['glow', 'lowe', 'ab', '💇💇💇'])).toEqual(['glo', 'low', 'owe', '💇💇💇']);
  });
});
