import { describe, expect, it } from '@jest/globals';
import { lookupLanguage, toLanguage } from './language.ts';

describe('lookupLanguage', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['ar', 'ar'],
    ['AR-sa', 'ar'],
    ['ar-Arab-SA', 'ar'],
    ['en-GB,en;q=0.9,ar;q=0.8', 'en'],
    ['en;q=0.2, ar;q=0.9', 'ar'],
    ['fr, ar;q=0.5, en;q=0.4', 'ar'],
    ['fr', undefined],
    ['*', undefined],
    ['fr, *;q=0.5', undefined],
    ['ar;q=0, en', 'en'],
    ['ar;q=0', undefined],
    ['arx', undefined],
    ['ar;q=nonsense,en;q=0.1', 'en'],
    [';;,,q=1', undefined],
  ])('of "%s" is %s', (header, expected) => {
    expect(lookupLanguage(header)).toBe(expected);
  });
});

describe('toLanguage', () => {
  it.each([
    ['ar', 'ar'],
    ['en-US', 'en'],
    ['fr', undefined],
    [undefined, undefined],
  ])('of %s is %s', (locale, expected) => {
    expect(toLanguage(locale)).toBe(expected);
  });
});
