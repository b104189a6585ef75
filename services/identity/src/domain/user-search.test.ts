import { describe, expect, it } from '@jest/globals';
import { parseUserSearch } from './user-search.ts';

describe('parseUserSearch', () => {
  it.each([['+966512345678'], ['0512345678'], ['٠٥١٢٣٤٥٦٧٨'], ['051 234 5678'], ['00966 51 234-5678'], ['512345678']])(
    'reads %s as the number it spells',
    (query) => {
      expect(parseUserSearch(query).exactPhone).toBe('+966512345678');
    },
  );

  it.each([
    ['5678', '5678'],
    ['٥٦٧٨', '5678'],
    ['56-78', '5678'],
    ['0012', '0012'],
  ])('looks for %s at the end of a number', (query, phoneEnd) => {
    expect(parseUserSearch(query)).toMatchObject({ exactPhone: undefined, phoneEnd });
  });

  it.each([
    ['  Sara  ALI ', 'sara ali'],
    ['نورة', 'نورة'],
    ['Sara@Example.com', 'sara@example.com'],
    ['567', '567'],
    ['', undefined],
    ['   ', undefined],
  ])('looks for %j as a part of a name or address', (query, part) => {
    expect(parseUserSearch(query)).toEqual({ exactPhone: undefined, phoneEnd: undefined, part });
  });
});
