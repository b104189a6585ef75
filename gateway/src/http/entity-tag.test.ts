import { describe, expect, it } from '@jest/globals';
import { isEntityTag, matchesEntityTag } from './entity-tag.ts';

describe('an entity tag', () => {
  it.each([
    ['v1', true],
    ['a!#~', true],
    ['', false],
    ['a b', false],
    ['a"b', false],
    ['a\r\nb', false],
    ['é', false],
  ])('can be "%s": %s', (text, expected) => {
    expect(isEntityTag(text)).toBe(expected);
  });

  it.each([
    ['"v1"', true],
    ['W/"v1"', true],
    ['"a", "v1"', true],
    ['"a,v1", W/"v1" ', true],
    [' * ', true],
    ['v1', false],
    ['"v1', false],
    ['"V1"', false],
    ['"v1x"', false],
    ['"xv1"', false],
    ['"*"', false],
    ['', false],
  ])('v1 is one of %s: %s', (header, expected) => {
    expect(matchesEntityTag(header, 'v1')).toBe(expected);
  });
});
